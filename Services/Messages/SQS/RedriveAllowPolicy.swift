import ServiceKit

/// Which queues may name this one as their dead-letter queue.
struct RedriveAllowPolicy: Sendable, Equatable {
    enum Permission: String, Sendable { case allowAll, denyAll, byQueue }

    let permission: Permission
    let sources: [String]
    let text: String

    init(_ text: String) throws {
        let refusal = ServiceError.invalidAttribute("RedriveAllowPolicy")
        guard let object = try? JSONDocument(Array(text.utf8)).root, object.kind == .object,
            let permission = object["redrivePermission"]?.string.flatMap(Permission.init)
        else { throw refusal }
        let sources = object["sourceQueueArns"]?.elements.compactMap(\.string) ?? []
        // AWS takes sources only with byQueue, and then one to ten.
        guard (permission == .byQueue) == !sources.isEmpty, sources.count <= 10 else { throw refusal }
        self.permission = permission
        self.sources = sources
        self.text = text
    }

    func allows(_ source: QueueAddress) -> Bool {
        switch permission {
        case .allowAll: true
        case .denyAll: false
        case .byQueue: sources.contains(source.arn.description)
        }
    }
}
