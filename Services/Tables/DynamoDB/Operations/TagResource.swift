import ServiceKit

/// Adds tags to a table, or gives them other values.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html)
struct TagResource: AWSOperation {
    struct Input: InputShape {
        let table: TaggedTable
        let tags: [Tag]

        init(_ member: Members) throws {
            table = try member("ResourceArn")
            tags = try member("Tags")
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.table.permission(tables, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try input.table.validate()
        guard !input.tags.isEmpty else {
            throw ServiceError.validation("Atleast one Tag needs to be provided as Input.")
        }
        try await tables.change(input.table.find(in: tables, call)) { table, _ in
            table.tags = try TagRules.merge(input.tags, into: table.tags)
        }
        return NoOutput()
    }
}
