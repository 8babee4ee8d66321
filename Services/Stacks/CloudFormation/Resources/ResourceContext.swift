import ServiceKit
import TemplateLanguage

/// Whose resource it is and how its service is called.
struct ResourceContext: Sendable {
    /// `(service, operation, input) -> output`; calls as the stack's role or as who asked for the change.
    typealias Caller = @Sendable (String, String, [UInt8]) async throws -> JSONValue

    let place: Place
    let stackName: String
    let stackID: String
    let logicalID: String
    /// Twelve characters of the alphabet A-Z0-9, the same in every attempt to make this resource.
    let suffix: String
    /// For `ClientRequestToken` and its like: the same in every attempt at this step.
    let token: String
    /// Whether an attempt before this one may have got anywhere.
    let isRetry: Bool
    let clock: any WallClock
    let caller: Caller

    /// `stack-LogicalID-SUFFIX`, cut to a limit as CloudFormation cuts it.
    func generatedName(limit: Int, lowercased: Bool = false) -> String {
        let room = limit - suffix.utf8.count - 2
        var stack = stackName[...]
        var logical = logicalID[...]
        while stack.utf8.count + logical.utf8.count > max(room, 2) {
            if stack.utf8.count >= logical.utf8.count { stack = stack.dropLast() } else { logical = logical.dropLast() }
        }
        let name = "\(stack)-\(logical)-\(suffix)"
        return lowercased ? name.lowercased() : name
    }

    /// Calls an operation.
    ///
    /// - Throws: `ServiceError` as it answered.
    @discardableResult
    func call(
        _ service: String, _ operation: String, _ input: (inout JSONWriter) -> Void
    ) async throws -> JSONValue {
        var json = JSONWriter()
        json.object(input)
        return try await caller(service, operation, json.bytes)
    }

    /// Calls an operation that makes something; one that an attempt before made counts as made.
    ///
    /// - Parameter code: the error's code that says the thing is there.
    func make(
        _ service: String, _ operation: String, unless code: String, _ input: (inout JSONWriter) -> Void
    ) async throws {
        do {
            try await call(service, operation, input)
        } catch let error as ServiceError where isRetry && error.code == code {}
    }

    /// Calls an operation on something that may be gone.
    ///
    /// - Parameter codes: the errors' codes that say it is not there.
    /// - Returns: `nil` where it is not there.
    @discardableResult
    func call(
        _ service: String, _ operation: String, ifThere codes: String..., input: (inout JSONWriter) -> Void
    ) async throws -> JSONValue? {
        do {
            return try await call(service, operation, input)
        } catch let error as ServiceError where codes.contains(error.code) {
            return nil
        }
    }

    private static let patience = Duration.seconds(3600)

    /// Asks again and again, at first soon, until the answer is no longer `nil`.
    ///
    /// - Throws: `ServiceError` after an hour.
    @discardableResult
    func wait<Answer>(for body: () async throws -> Answer?) async throws -> Answer {
        let limit = clock.now + Self.patience
        var pause = Duration.milliseconds(10)
        while true {
            if let answer = try await body() { return answer }
            guard clock.now < limit else { throw ServiceError("NotStabilized", "Resource did not stabilize.") }
            try await clock.sleep(until: clock.now + pause)
            pause = min(pause * 2, .seconds(2))
        }
    }
}
