import ServiceKit

/// Lists a table's tags, all on one page: there are at most fifty.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html)
struct ListTagsOfResource: AWSOperation {
    struct Input: InputShape {
        let table: TaggedTable
        let nextToken: String?

        init(_ member: Members) throws {
            table = try member("ResourceArn")
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let tags: [Tag]

        func write(to json: inout JSONWriter) { json.member("Tags", tags) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.table.permission(tables, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        guard input.nextToken == nil else { throw ServiceError.validation("The provided NextToken is invalid") }
        let tags = try input.table.find(in: tables, call).tags
        return Output(tags: tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) })
    }
}
