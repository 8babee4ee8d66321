import ServiceKit

/// Reserves concurrency for a function: its share, and its limit.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html)
struct PutFunctionConcurrency: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let reservedConcurrentExecutions: Int

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            reservedConcurrentExecutions = try member("ReservedConcurrentExecutions")
        }
    }

    /// What AWS keeps for functions without a reservation.
    private static let unreservedMinimum = 100
    let store: LambdaStore
    let fleet: Fleet

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> ReservedConcurrency {
        let key = input.functionName.key(in: call)
        let limit = fleet.accountLimit
        let reservedByAll = try await store.write { transaction in
            guard try transaction.function(key) != nil else { throw ServiceError.functionNotFound(key.arn.description) }
            let others = try transaction.reservedConcurrency(account: key.account, region: key.region, except: key.name)
            guard others + input.reservedConcurrentExecutions <= limit - Self.unreservedMinimum else {
                throw ServiceError.invalid(
                    "Specified ReservedConcurrentExecutions for function decreases account's "
                        + "UnreservedConcurrentExecution below its minimum value of [\(Self.unreservedMinimum)].")
            }
            try transaction.setReservedConcurrency(input.reservedConcurrentExecutions, of: key)
            return others + input.reservedConcurrentExecutions
        }
        fleet.setReservedByAll(reservedByAll)
        return ReservedConcurrency(count: input.reservedConcurrentExecutions)
    }
}

/// A reservation as it is shown; empty without one.
struct ReservedConcurrency: OutputShape {
    let count: Int?
    func write(to json: inout JSONWriter) { json.member("ReservedConcurrentExecutions", count) }
}
