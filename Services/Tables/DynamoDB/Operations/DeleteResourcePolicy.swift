import ServiceKit

/// Takes the policy off a table or a stream; none there is no fault.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html)
struct DeleteResourcePolicy: AWSOperation {
    struct Input: InputShape {
        let resource: PolicyResource
        let expectedRevisionId: String?

        init(_ member: Members) throws {
            resource = try member("ResourceArn")
            expectedRevisionId = try member("ExpectedRevisionId")
        }
    }

    struct Output: OutputShape {
        /// Of the policy that was there.
        let revisionId: String?

        func write(to json: inout JSONWriter) { json.member("RevisionId", revisionId) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [input.resource.permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let resource = input.resource
        let found = try resource.find(in: tables, call)
        let revision = resource.policy(of: found)?.revision
        try await tables.change(found) { table, _ in
            try resource.check(input.expectedRevisionId, table)
            resource.set(nil, of: &table)
        }
        return Output(revisionId: revision)
    }
}
