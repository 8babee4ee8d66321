import ServiceKit

/// `Expected` and `ConditionalOperator`.
struct LegacyCondition: Sendable {
    private let expected: [(name: String, condition: Condition)]?
    private let conjunction: String?

    init(_ member: Members) throws {
        let expected: JSONValue? = try member("Expected")
        self.expected = try expected.map { expected in
            try expected.members.map { ($0.name, try Self.condition(on: $0.name, Members($0.value))) }
        }
        conjunction = try member("ConditionalOperator")
    }

    func condition() throws(ServiceError) -> Condition? {
        try LegacyConjunction.check(conjunction, tests: expected?.count)
        return LegacyConjunction.join(expected?.map(\.condition) ?? [], conjunction)
    }

    /// One attribute: a value it must have, that it must not exist, or a comparison.
    private static func condition(on name: String, _ member: Members) throws -> Condition {
        let value: AttributeValue? = try member("Value")
        let exists: Bool? = try member("Exists")
        let operation: String? = try member("ComparisonOperator")
        let list: [AttributeValue]? = try member("AttributeValueList")
        if value != nil, list != nil {
            throw fault("Value and AttributeValueList cannot be used together", name)
        }
        if let operation, let comparison = LegacyComparison(rawValue: operation) {
            if exists != nil { throw fault("Exists and ComparisonOperator cannot be used together", name) }
            let values = list ?? value.map { [$0] }
            if values == nil, comparison != .null, comparison != .notNull {
                throw fault("Value or AttributeValueList must be used with ComparisonOperator: \(operation)", name)
            }
            return try LegacyTest(comparison, values ?? []).condition(on: name)
        }
        if list != nil { throw fault("AttributeValueList can only be used with a ComparisonOperator", name) }
        let attribute = DocumentPath(root: Text(name))
        if exists == false {
            guard value == nil else { throw fault("Value cannot be used when Exists is false", name) }
            return .notExists(attribute)
        }
        guard let value else {
            throw fault("Value must be provided when Exists is \(exists.map(String.init) ?? "null")", name)
        }
        return .comparison(.equal, .path(attribute), .value(value))
    }

    private static func fault(_ rule: String, _ name: String) -> ServiceError {
        .invalidParameter("\(rule) for Attribute: \(name)")
    }
}

/// `QueryFilter` or `ScanFilter`, and `ConditionalOperator`.
struct LegacyFilter: Sendable {
    let names: [Text]
    private let condition: Condition?
    private let conjunction: String?
    private let count: Int?

    init(_ member: Members, parameter: String) throws {
        let json: JSONValue? = try member(parameter)
        conjunction = try member("ConditionalOperator")
        let tests = try json.map { try $0.members.map { ($0.name, try LegacyTest(json: $0.value)) } }
        count = tests?.count
        names = (tests ?? []).map { Text($0.0) }
        condition = LegacyConjunction.join((tests ?? []).map { $0.1.condition(on: $0.0) }, conjunction)
    }

    func filter() throws(ServiceError) -> Condition? {
        try LegacyConjunction.check(conjunction, tests: count)
        return condition
    }
}
