import ServiceKit

/// Lists a key's tags.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html)
struct ListResourceTags: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let page: PageInput

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            page = try PageInput(member, default: 50, maximum: 50)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Tag> {
        let tags = try await store.key(input.keyID, in: call).tags.sorted { $0.key < $1.key }
        let page = try await input.page.page(
            scope: "ListResourceTags \(input.keyID)", sealedBy: store.pages, position: \.key
        ) { after, limit in Array(tags.drop { $0.key <= after }.prefix(limit)) }
        return PageOutput(member: "Tags", page: page)
    }
}
