/// How the operations that AWS moved to a newer reader of requests, DynamoDB's of single items in 2026, tell of broken
/// constraints: `Value at 'RequestItems.Blog.member.Keys' failed to satisfy constraint: …`, alone, for a length or a
/// value out of range. Where a required member is missing, all is told as by others.
///
/// [Captures of AWS's answers](https://github.com/paritysuite/dynamodb-conformance/tree/main/captures)
public struct TerseWording: Sendable {
    /// The structures so told: the operations' inputs.
    private let inputs: Set<String>
    /// The members that are told before all others, in this order.
    private let order: [String]
    /// Enumerations of which neither the value nor the place is told, with what is said they may be.
    private let placeless: [String: String]
    /// Inputs of which a fault of a placeless enumeration is told alone.
    private let lonely: Set<String>

    public init(
        inputs: Set<String>, order: [String], placeless: [String: [String]], lonely: Set<String>
    ) {
        self.inputs = inputs
        self.order = order
        self.placeless = placeless.mapValues {
            "Failed to satisfy constraint: Member must satisfy enum value set: [\($0.joined(separator: ", "))]"
        }
        self.lonely = lonely
    }

    /// One broken constraint.
    struct Violation {
        /// Of the input.
        let member: String?
        let shape: String
        let requirement: String
        /// Where it is broken, in the model's own spelling.
        let place: String
        /// As others tell it.
        let text: String

        fileprivate var isMissing: Bool { requirement == ConstraintChecker.notNull }
        fileprivate var isOfLength: Bool { requirement.hasPrefix("Member must have ") }
    }

    /// What is told of an input's violations.
    func texts(_ violations: [Violation], of input: String) -> [String] {
        guard inputs.contains(input) else { return violations.map(\.text) }
        let sorted =
            order.flatMap { name in violations.filter { $0.member == name } }
            + violations.filter { violation in !order.contains { $0 == violation.member } }
        if violations.contains(where: \.isMissing) { return sorted.map(\.text) }
        if let violation = sorted.first(where: \.isOfLength) {
            return ["Value at '\(violation.place)' failed to satisfy constraint: \(violation.requirement)"]
        }
        if lonely.contains(input), let text = sorted.lazy.compactMap({ placeless[$0.shape] }).first { return [text] }
        return sorted.map { placeless[$0.shape] ?? $0.text }
    }
}
