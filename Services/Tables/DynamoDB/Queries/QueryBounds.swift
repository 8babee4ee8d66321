import ServiceKit

/// A key condition against a key schema: the partition and the test of the sort key.
struct QueryBounds {
    let partition: AttributeValue
    let sort: KeyCondition.Test?

    /// - Throws: for conditions on other attributes than the key's, of other types, or that are no equality of the
    ///   partition key.
    init(_ condition: KeyCondition, _ schema: KeySchema) throws(ServiceError) {
        let tests = condition.tests
        guard tests.count == 1 || tests.count == 2 else {
            throw .validation("Conditions can be of length 1 or 2 only")
        }
        guard tests.count == 1 || schema.sort != nil else {
            throw .validation("Query key condition not supported")
        }
        guard let test = tests[schema.partition.name] else { throw Self.missing(schema.partition) }
        try Self.checkTypes(test, schema.partition)
        guard case .comparison(.equal, let value) = test else {
            throw .validation("Query key condition not supported")
        }
        partition = value
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

    private static func missing(_ attribute: KeyAttribute) -> ServiceError {
        .validation("Query condition missed key schema element: \(attribute.name)")
    }

    private static func checkTypes(_ test: KeyCondition.Test, _ attribute: KeyAttribute) throws(ServiceError) {
        for operand in test.operands {
            guard operand.kind == attribute.kind else {
                throw .invalidParameter("Condition parameter type does not match schema type")
            }
            guard !operand.isEmptyKey else {
                throw .validation(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                        + "an empty \(operand.emptyName) value. Key: \(attribute.name)")
            }
        }
    }

    var range: KeyRange { KeyRange(partition: KeyEncoder.partition(partition), sort: sort) }

    /// - Throws: for a starting key that the query could not have ended with.
    func check(start: AttributeMap, _ schema: KeySchema) throws(ServiceError) {
        guard start[schema.partition.name] == partition else {
            throw .validation(
                "The provided starting key is outside query boundaries based on provided conditions")
        }
        guard let test = sort, let attribute = schema.sort, let value = start[attribute.name] else { return }
        guard test.passes(value) else {
            throw .validation("The provided starting key does not match the range key predicate")
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
        }
    }
}
