import ServiceKit

/// Lists the access keys of a user, without their secrets.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html)
struct ListAccessKeys: AWSOperation {
    struct Input: InputShape {
        let user: String?
        let page: PageInput

        init(_ member: Members) throws {
            user = try member("UserName")
            page = try PageInput(member)
        }
    }

    struct Metadata: OutputShape {
        let key: AccessKey

        func write(to json: inout JSONWriter) {
            json.member("UserName", key.user ?? "root")
            json.member("AccessKeyId", key.id)
            json.member("Status", key.status.rawValue)
            json.member("CreateDate", key.created)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.keyHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Metadata> {
        let name = try UserName.resolveKeyHolder(input.user, in: call)
        let keys = try await store.read { snapshot in
            let user = try name.map { try snapshot.requireIdentity(.user, $0, of: call.account).name }
            return try snapshot.accessKeys(of: user, in: call.account)
        }
        let scope = "ListAccessKeys \(call.account) \(name ?? "")"
        let page = try input.page.page(whole: keys, of: scope, sealedBy: store.pages, position: \.id)
        return PageOutput(member: "AccessKeyMetadata", page: page.map(Metadata.init))
    }
}
