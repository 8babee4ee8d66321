import ServiceKit

/// Lists the keys of the account in the region.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html)
struct ListKeys: AWSOperation {
    struct Input: InputShape {
        let page: PageInput
        init(_ member: Members) throws { page = try PageInput(member, default: 100, maximum: 1000) }
    }

    struct Entry: OutputShape {
        let key: Key

        func write(to json: inout JSONWriter) {
            json.member("KeyId", key.id)
            json.member("KeyArn", key.arn)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Entry> {
        let page = try await input.page.page(
            scope: "ListKeys \(call.account) \(call.region)", sealedBy: store.pages, position: \.id
        ) { after, limit in
            try await store.read { try $0.keys(of: call.account, in: call.region, after: after, limit: limit) }
        }
        return PageOutput(member: "Keys", page: page.map(Entry.init))
    }
}
