import ServiceKit

/// Takes tags off a table; keys it does not have are no fault.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html)
struct UntagResource: AWSOperation {
    struct Input: InputShape {
        let table: TaggedTable
        let tagKeys: [String]

        init(_ member: Members) throws {
            table = try member("ResourceArn")
            tagKeys = try member("TagKeys")
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.table.permission(tables, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try input.table.validate()
        guard !input.tagKeys.isEmpty else {
            throw ServiceError.validation("Atleast one Tag Key needs to be provided as Input.")
        }
        try await tables.change(input.table.find(in: tables, call)) { table, _ in
            for key in input.tagKeys { table.tags[key] = nil }
        }
        return NoOutput()
    }
}
