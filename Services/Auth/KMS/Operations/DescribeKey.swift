import ServiceKit

/// Tells all about a key but its policy, its tags and its material.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html)
struct DescribeKey: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let grantTokens: [String]?

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            grantTokens = try member("GrantTokens")
        }
    }

    struct Output: OutputShape {
        let metadata: KeyMetadata
        func write(to json: inout JSONWriter) { json.member("KeyMetadata", metadata) }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call, allowingAliases: true)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try store.tokens.check(input.grantTokens)
        let key = try await store.key(input.keyID, in: call, allowingAliases: true)
        let material = try await store.read { try $0.material(of: key)?.id }
        return Output(metadata: KeyMetadata(key: key, materialID: material))
    }
}
