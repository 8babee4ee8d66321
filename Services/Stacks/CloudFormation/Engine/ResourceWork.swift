import ServiceKit
import TemplateLanguage

/// Makes, changes and deletes the resources of one stack, and keeps what became of each.
///
/// Everything may be run again after a crash: names are stored before anything is called.
struct ResourceWork: Sendable {
    private static let attempts = 8
    private static let firstPause = Duration.milliseconds(200)
    private static let longestPause = Duration.seconds(10)

    let stack: Stack
    let operation: StackOperation
    let store: StackStore
    let calls: ServiceCalls
    let caller: Caller
    let clock: any WallClock
    let types: [String: any ResourceType]
    /// What events do not show.
    let secrets: HiddenValues

    /// - Throws: `HandlerError` for a type that has gone.
    func type(_ name: String) throws(HandlerError) -> any ResourceType {
        guard let type = types[name] else {
            throw HandlerError("Resource type \(name) is not available here")
        }
        return type
    }

    func context(_ logicalID: String, suffix: String, token: String, isRetry: Bool) -> ResourceContext {
        ResourceContext(
            place: stack.place, stackName: stack.name, stackID: stack.id, logicalID: logicalID,
            suffix: suffix, token: token, isRetry: isRetry, clock: clock,
            caller: { [calls, caller, region = stack.place.region, endpoint = operation.endpoint] in
                try await calls.call($0, $1, $2, as: caller, region: region, endpoint: endpoint)
            })
    }

    /// Does something, again where a service could not be reached.
    ///
    /// - Parameter body: gets whether it was tried before.
    /// - Throws: `HandlerError`
    func trying<Result: Sendable>(
        _ type: String, token: String, isRetry: Bool, _ body: (Bool) async throws -> Result
    ) async throws -> Result {
        var pause = Self.firstPause
        var attempt = 1
        while true {
            do {
                return try await body(isRetry || attempt > 1)
            } catch let error as ServiceError where error.status >= 500 && attempt < Self.attempts {
                attempt += 1
                try await clock.sleep(until: clock.now + pause)
                pause = min(pause * 2, Self.longestPause)
            } catch let error as ServiceError {
                throw HandlerError(error, of: type, token: token)
            } catch let error as MemberError {
                throw HandlerError("Resource handler could not read an answer: \(error)")
            }
        }
    }

    /// Stores a row, and the event that tells of it.
    ///
    /// - Parameter reason: the event's where it is not the row's.
    func note(
        _ row: StackResource, properties: TemplateMap? = nil, reason: String? = nil, physicalID: String? = nil
    ) async throws {
        var told = row
        told.reason = reason ?? row.reason
        let event = StackEvent(
            of: told, properties: properties.map { secrets.text(.map($0)) }, clientToken: operation.clientToken,
            physicalID: physicalID, at: clock.now)
        try await store.write { [stack] snapshot in
            try snapshot.put(row, of: stack.id)
            try snapshot.record(event, of: stack.id)
        }
    }

    func keep(_ row: StackResource) async throws {
        try await store.write { [stack] snapshot in try snapshot.put(row, of: stack.id) }
    }
}
