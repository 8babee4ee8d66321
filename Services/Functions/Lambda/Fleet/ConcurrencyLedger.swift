import ServiceKit

/// How many invocations run, and how many may.
struct ConcurrencyLedger {
    /// What AWS gives an account.
    let accountLimit: Int
    private var running: [FunctionKey: Int] = [:]
    /// Running invocations of functions without a reservation.
    private var unreserved = 0

    init(accountLimit: Int) { self.accountLimit = accountLimit }

    /// Counts one invocation in.
    ///
    /// - Parameters:
    ///   - reserved: the function's own reservation: its share, and its limit.
    ///   - reservedByAll: what all functions together have reserved.
    /// - Throws: `TooManyRequestsException`.
    mutating func begin(_ key: FunctionKey, reserved: Int?, reservedByAll: Int) throws {
        if let reserved {
            guard running[key, default: 0] < reserved else {
                throw ServiceError.throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
            }
        } else {
            guard unreserved < accountLimit - reservedByAll else {
                throw ServiceError.throttled("ConcurrentInvocationLimitExceeded")
            }
            unreserved += 1
        }
        running[key, default: 0] += 1
    }

    mutating func end(_ key: FunctionKey, wasReserved: Bool) {
        if !wasReserved { unreserved -= 1 }
        let left = running[key, default: 1] - 1
        running[key] = left == 0 ? nil : left
    }
}
