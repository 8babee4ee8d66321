import ServiceKit
import Synchronization

/// Allows everything and notes what was asked for: `sqs:SendMessage on arn:… with policy`.
public final class RecordingAuthorizer: Authorizer {
    private let notes = Mutex<[String]>([])

    public init() {}

    public var seen: [String] { notes.withLock { $0 } }

    public func require(
        _ permission: Permission, of service: AWSService, operation: String, in call: Call
    ) async throws {
        let action = permission.action ?? "\(service.actionPrefix):\(operation)"
        let policy = permission.resourcePolicy == nil ? "" : " with policy"
        notes.withLock { $0.append("\(action) on \(permission.resource)\(policy)") }
    }
}
