import ServiceKit

/// A condition on a message that is a JSON object.
indirect enum JSONCondition: Sendable {
    enum Step: Sendable {
        case member(String)
        case element(Int)
        case everyElement
    }

    struct Selector: Sendable {
        /// As written: `$.user.id`.
        let text: String
        let steps: [Step]
    }

    enum State: Sendable { case isNull, isTrue, isFalse, exists, notExists }

    case both(JSONCondition, JSONCondition)
    case either(JSONCondition, JSONCondition)
    case compare(Selector, ValueTest)
    case state(Selector, State)

    static func document(of message: String) -> JSONValue? {
        guard let root = try? JSONDocument(Array(message.utf8)).root, root.kind == .object else { return nil }
        return root
    }

    func holds(in document: JSONValue) -> Bool {
        switch self {
        case .both(let left, let right): left.holds(in: document) && right.holds(in: document)
        case .either(let left, let right): left.holds(in: document) || right.holds(in: document)
        case .compare(let selector, let test):
            selector.values(in: document).contains { value in
                value.scalarText.map { test.holds(for: $0, isText: value.kind == .string) } ?? false
            }
        case .state(let selector, let state): state.holds(for: selector.values(in: document))
        }
    }

    /// The first value of every selector, by its text.
    func values(in document: JSONValue) -> [String: String] {
        switch self {
        case .both(let left, let right), .either(let left, let right):
            left.values(in: document).merging(right.values(in: document)) { own, _ in own }
        case .compare(let selector, _), .state(let selector, _):
            selector.values(in: document).first?.scalarText.map { [selector.text: $0] } ?? [:]
        }
    }
}

extension JSONCondition.Selector {
    func values(in document: JSONValue) -> [JSONValue] {
        steps.reduce([document]) { values, step in
            values.flatMap { value -> [JSONValue] in
                switch step {
                case .member(let name): value[name].map { [$0] } ?? []
                case .element(let index): value.elements.dropFirst(index).first { _ in true }.map { [$0] } ?? []
                case .everyElement: Array(value.elements)
                }
            }
        }
    }
}

extension JSONCondition.State {
    func holds(for values: [JSONValue]) -> Bool {
        switch self {
        case .isNull: values.contains { $0.isNull }
        case .isTrue: values.contains { $0.bool == true }
        case .isFalse: values.contains { $0.bool == false }
        case .exists: !values.isEmpty
        case .notExists: values.isEmpty
        }
    }
}

extension JSONValue {
    /// A string's or a number's text; `nil` for anything else.
    fileprivate var scalarText: String? { string ?? numberText }
}
