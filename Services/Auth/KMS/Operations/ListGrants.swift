import ServiceKit

/// Lists a key's grants.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html)
struct ListGrants: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let grantID: String?
        let grantee: String?
        let page: PageInput

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            grantID = try member("GrantId")
            grantee = try member("GranteePrincipal")
            page = try PageInput(member, default: 50, maximum: 100)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Grant> {
        let key = try await store.key(input.keyID, in: call)
        let page = try await input.page.page(
            scope: "ListGrants \(key.id) \(input.grantee ?? "")", sealedBy: store.pages, position: \.id
        ) { after, limit in
            try await store.read { snapshot in
                if let id = input.grantID { return try snapshot.grant(id, of: key.id).map { [$0] } ?? [] }
                guard let grantee = input.grantee else {
                    return try snapshot.grants(of: key, after: after, limit: limit)
                }
                return Array(try snapshot.grants(of: key, to: grantee).filter { $0.id > after }.prefix(limit))
            }
        }
        return PageOutput(member: "Grants", page: page)
    }
}
