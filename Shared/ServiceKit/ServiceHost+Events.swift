import Bus
import Synchronization

/// The event logs an executable publishes, by name.
final class EventLogs: Sendable {
    private let logs = Mutex<[String: EventLog]>([:])

    func add(_ log: EventLog, named name: String) { logs.withLock { $0[name] = log } }

    subscript(name: String) -> EventLog {
        get throws {
            guard let log = logs.withLock({ $0[name] }) else {
                throw ServiceError("ResourceNotFoundException", "There is no event log \(name).")
            }
            return log
        }
    }
}

extension ServiceHost {
    /// Makes the events of a database readable by other executables, and rings their doorbells.
    ///
    /// - Parameters:
    ///   - name: what subscribers call it: `s3`.
    ///   - database: opened with `EventLog.migrations` among its own.
    ///   - subscribers: who is expected to read: events wait for them from the first start on.
    @discardableResult
    public func publishEvents(of database: Database, as name: String, to subscribers: [String]) async throws -> EventLog
    {
        let log = EventLog(database, clock: clock)
        try await log.register(subscribers)
        log.onRecord { [publisher] in publisher.publish("events/\(name)") }
        eventLogs.add(log, named: name)
        return log
    }

    /// Follows another executable's events until the host stops: each is applied at least once, in order.
    ///
    /// - Parameters:
    ///   - owner: the executable: `objects`.
    ///   - log: the name it publishes them by: `s3`.
    ///   - subscriber: one of the names the owner expects.
    ///   - database: where the cursor lives, opened with `EventLog.migrations`.
    public func followEvents(
        of owner: String, log: String, as subscriber: String, types: Set<String>? = nil, in database: Database,
        _ application: EventSubscription.Application
    ) {
        let source = RemoteEvents(client: client, owner: owner, log: log, subscriber: subscriber, types: types)
        let bell = Doorbell()
        // The cursor is the executable's: two replicas at it would apply events twice.
        workAlone("events \(owner)/\(log) for \(subscriber)") { [self] in
            let ringer = BusSubscriber(
                owners: [owner], topics: ["events/\(log)"], routes: routes, security: security,
                onConnect: { _ in bell.ring() })
            defer { ringer.close() }
            let listening = Task { for await _ in ringer.events { bell.ring() } }
            defer { listening.cancel() }
            let subscription = EventSubscription(
                name: "\(owner)/\(log)/\(subscriber)", to: source, database: database, bell: bell, clock: clock,
                application: application,
                onFailure: { [self] error in
                    reportWaiting(error, owner: owner, log: log, subscriber: subscriber)
                })
            await subscription.run()
        }
    }

    private func reportWaiting(_ error: any Error, owner: String, log name: String, subscriber: String) {
        log.warning("Events wait", ["log": "\(owner)/\(name)", "subscriber": subscriber, "error": "\(error)"])
    }
}

/// Another executable's log, read over the bus.
private struct RemoteEvents: EventSource {
    let client: ServiceClient
    let owner: String
    let log: String
    let subscriber: String
    let types: Set<String>?

    func read(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        let reply = try await client.callHost(owner, "ReadEvents") { json in
            json.member("Log", log)
            json.member("After", cursor)
            json.member("Types", types.map { $0.sorted() })
            json.member("Limit", limit)
        }
        let member = try Members(reply.output)
        return EventPage(events: try member("Events"), through: try member("Through"))
    }

    func acknowledge(_ cursor: EventCursor) async throws {
        _ = try await client.callHost(owner, "AcknowledgeEvents") { json in
            json.member("Log", log)
            json.member("Subscriber", subscriber)
            json.member("Cursor", cursor)
        }
    }
}
