/// A parsed policy document: a value, made once and evaluated many times.
///
/// [Grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
public struct Policy: Sendable {
    /// Where a document is used, which decides what it must and must not have.
    public enum Use: Sendable {
        /// Attached to a user, group, role or session: no principal.
        case identity
        /// Attached to a resource: each statement names principals.
        case resource
        /// A role's trust policy: principals and STS actions, no resource.
        case trust
    }

    /// An ARN or the name of an inline policy, for whoever asks which policy decided; may be empty.
    public var name: String
    public let version: String
    public let id: String?
    public let statements: [Statement]

    /// Whether any condition is on a key that begins so.
    ///
    /// - Parameter keyPrefix: in lower case.
    public func asks(about keyPrefix: String) -> Bool {
        statements.contains { $0.conditions.contains { $0.key.hasPrefix(keyPrefix) } }
    }

    /// - Throws: `PolicyError` with AWS's words for what is wrong.
    public static func parse(_ json: [UInt8], as use: Use = .resource, name: String = "") throws -> Policy {
        try PolicyParser(use: use).parse(json, name: name)
    }

    public static func parse(_ json: String, as use: Use = .resource, name: String = "") throws -> Policy {
        try parse(Array(json.utf8), as: use, name: name)
    }
}

/// Why a document is no policy: the message of AWS's `MalformedPolicyDocument`.
public struct PolicyError: Error, Equatable, CustomStringConvertible {
    public let message: String

    init(_ message: String) { self.message = message }

    static let syntax = PolicyError("Syntax errors in policy.")

    public var description: String { message }
}

/// One rule of a policy.
public struct Statement: Sendable {
    public enum Effect: String, Sendable {
        case allow = "Allow"
        case deny = "Deny"
    }

    public let sid: String?
    public let effect: Effect
    let principals: PrincipalList?
    let actions: PatternList
    let resources: PatternList?
    let conditions: [Condition]

    /// Whether the statement speaks about the request, principals aside.
    func covers(_ request: AccessRequest) -> Bool {
        guard actions.matches(request.actionBytes, in: request) else { return false }
        if let resources, !resources.matches(request.resourceBytes, in: request) { return false }
        return conditions.allSatisfy { $0.holds(for: request) }
    }
}

/// `Action`, `NotAction`, `Resource` or `NotResource`.
struct PatternList: Sendable {
    let patterns: [Pattern]
    let isNegated: Bool

    func matches(_ text: [UInt8], in request: AccessRequest) -> Bool {
        patterns.contains { $0.matches(text, in: request) } != isNegated
    }
}
