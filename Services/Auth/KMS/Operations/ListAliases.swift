import ServiceKit

/// Lists the names of the account's keys in the region, or of one key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html)
struct ListAliases: AWSOperation {
    struct Input: InputShape {
        let keyID: String?
        let page: PageInput

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            page = try PageInput(member, default: 50, maximum: 100)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Alias> {
        let key: Key? =
            if let keyID = input.keyID { try await store.key(keyID, in: call) } else { nil }
        let page = try await input.page.page(
            scope: "ListAliases \(call.account) \(call.region) \(key?.id ?? "")", sealedBy: store.pages,
            position: \.name
        ) { after, limit in
            try await store.read { snapshot in
                if let key { return try snapshot.aliases(of: key, after: after, limit: limit) }
                return try snapshot.aliases(of: call.account, in: call.region, after: after, limit: limit)
            }
        }
        return PageOutput(member: "Aliases", page: page)
    }
}
