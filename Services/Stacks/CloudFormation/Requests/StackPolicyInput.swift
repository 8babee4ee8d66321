import ServiceKit

/// The stack policies of a request. None are carried out here, so none are taken.
struct StackPolicyInput: Sendable {
    private let given: String?

    init(_ member: Members) throws {
        given = try [
            "StackPolicyBody", "StackPolicyURL", "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL",
        ].first { try (member($0) as String?) != nil }
    }

    /// - Throws: `ValidationError`
    func refuse() throws(ServiceError) {
        if let given { throw .validation("\(given) is not available here: stack policies are not enforced.") }
    }
}
