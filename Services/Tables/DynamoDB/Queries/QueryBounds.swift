import ServiceKit

/// A key condition against a key schema: the partition and the test of the sort key.
struct QueryBounds {
    /// In the order of the schema.
    private let partition: [AttributeValue]
    /// The sort key's first attributes, where more than one is asked for: all but the last are to be equal.
    private let leading: [AttributeValue]
    private let sort: KeyCondition.Test?

    /// - Throws: for conditions on other attributes than the key's, of other types, or that are no equality of the
    ///   partition key.
    init(_ condition: KeyCondition, _ schema: KeySchema) throws(ServiceError) {
        if schema.isComposite {
            self = try QueryBounds(composite: condition.tests, schema)
            return
        }
        let tests = condition.tests
        guard tests.count == 1 || tests.count == 2 else {
            throw .validation("Conditions can be of length 1 or 2 only")
        }
        guard tests.count == 1 || schema.sort != nil else { throw Self.unsupported }
        guard let test = tests[schema.partition.name] else { throw Self.missing(schema.partition) }
        try Self.checkTypes(test, schema.partition)
        guard case .comparison(.equal, let value) = test else { throw Self.unsupported }
        partition = [value]
        leading = []
        sort = try Self.sortTest(tests, schema)
    }

    private static func sortTest(
        _ tests: [Text: KeyCondition.Test], _ schema: KeySchema
    ) throws(ServiceError) -> KeyCondition.Test? {
        guard tests.count == 2, let sort = schema.sort else { return nil }
        guard let test = tests[sort.name] else { throw missing(sort) }
        try checkTypes(test, sort)
        return test
    }

    private static let unsupported = ServiceError.validation("Query key condition not supported")

    static func missing(_ attribute: KeyAttribute) -> ServiceError {
        .validation("Query condition missed key schema element: \(attribute.name)")
    }

    private static func checkTypes(_ test: KeyCondition.Test, _ attribute: KeyAttribute) throws(ServiceError) {
        if case .unindexable = test {
            throw .validation("Attempted conditional constraint is not an indexable operation")
        }
        for operand in test.operands {
            guard operand.kind == attribute.kind else {
                throw .invalidParameter("Condition parameter type does not match schema type")
            }
            guard !operand.isEmptyKey else { throw .emptyKey(operand, attribute) }
        }
    }

    // MARK: Keys of several attributes

    /// All attributes of the partition key must be equal; of the sort key any number of the first, all but the last of
    /// them equal.
    private init(composite tests: [Text: KeyCondition.Test], _ schema: KeySchema) throws(ServiceError) {
        for (name, test) in tests {
            guard let attribute = schema.attributes.first(where: { $0.name == name }) else { throw Self.unsupported }
            try Self.checkTypes(test, attribute)
        }
        var partition: [AttributeValue] = []
        for attribute in schema.partitions {
            guard case .comparison(.equal, let value)? = tests[attribute.name] else {
                throw .validation(
                    "Query key condition not supported: All HASH key attributes must have equality conditions")
            }
            partition.append(value)
        }
        let last = schema.sorts.lastIndex { tests[$0.name] != nil }
        var leading: [AttributeValue] = []
        for attribute in schema.sorts[..<(last ?? 0)] {
            guard case .comparison(.equal, let value)? = tests[attribute.name] else {
                throw Self.unequal(attribute, before: schema.sorts[last ?? 0])
            }
            leading.append(value)
        }
        self.partition = partition
        self.leading = leading
        sort = last.flatMap { tests[schema.sorts[$0].name] }
    }

    private static func unequal(_ attribute: KeyAttribute, before last: KeyAttribute) -> ServiceError {
        .validation(
            "RANGE key attributes \(attribute.name) must have equality conditions specified in the query because a "
                + "condition is present on key attribute \(last.name)")
    }

    // MARK: Ranges

    var range: KeyRange {
        var prefix = KeyEncoder(prefix: KeyEncoder.partition(of: partition))
        for value in leading { prefix.append(value) }
        return KeyRange(partition: prefix.bytes, sort: sort)
    }

    /// - Throws: for a starting key that the query could not have ended with.
    func check(start: AttributeMap, _ schema: KeySchema) throws(ServiceError) {
        let isOfPartition = zip(schema.partitions, partition).allSatisfy { start[$0.name] == $1 }
        guard let test = sort, let value = start[schema.sorts[leading.count].name] else {
            guard isOfPartition else {
                throw .validation(
                    "The provided starting key is outside query boundaries based on provided conditions")
            }
            return
        }
        guard zip(schema.sorts, leading).allSatisfy({ start[$0.name] == $1 }), test.passes(value) else {
            throw .validation("The provided starting key does not match the range key predicate")
        }
        guard isOfPartition else {
            throw .validation("The query can return at most one row and cannot be restarted")
        }
    }
}

extension KeyCondition.Test {
    func passes(_ value: AttributeValue) -> Bool {
        switch self {
        case .comparison(let comparator, let operand): comparator.holds(between: value, and: operand)
        case .between(let lower, let upper):
            Comparator.greaterOrEqual.holds(between: value, and: lower)
                && Comparator.lessOrEqual.holds(between: value, and: upper)
        case .beginsWith(let prefix): value.begins(with: prefix)
        case .unindexable: false
        }
    }
}
