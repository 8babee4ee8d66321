/// What policies say to a request, and which of them said it.
public struct Decision: Sendable, Equatable {
    public enum Outcome: Sendable {
        case allowed
        case explicitlyDenied
        /// Nothing allows it.
        case implicitlyDenied
    }

    /// The kind of policy that decided, or that would have had to allow.
    public enum Source: String, Sendable {
        case identity = "identity-based policy"
        case resource = "resource-based policy"
        case boundary = "permissions boundary"
        case session = "session policy"
        case serviceControl = "service control policy"
    }

    /// A statement that matched.
    public struct Decider: Sendable, Equatable {
        public let policy: String
        public let sid: String?
        /// Its place in the policy, from 0.
        public let index: Int
    }

    public let outcome: Outcome
    public let source: Source
    public let decider: Decider?

    public var isAllowed: Bool { outcome == .allowed }

    /// What AWS appends to "User: … is not authorized to perform: … on resource: …".
    public func reason(for action: String) -> String {
        switch outcome {
        case .allowed: ""
        case .explicitlyDenied: " with an explicit deny in \(source == .identity ? "an" : "a") \(source.rawValue)"
        case .implicitlyDenied: " because no \(source.rawValue) allows the \(action) action"
        }
    }
}
