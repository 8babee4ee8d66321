import ServiceKit

/// The policies that every account has from AWS: `arn:aws:iam::aws:policy/…`.
enum AWSManagedPolicies {
    struct Entry: Sendable {
        let policy: ManagedPolicy
        let version: ManagedPolicy.Version
    }

    /// In the order of names.
    static let all: [Entry] = AWSManagedPolicyDocuments.all.map(Entry.init)

    private static let byARN = Dictionary(uniqueKeysWithValues: all.map { ($0.policy.arn, $0) })

    static func policy(_ arn: String) -> Entry? {
        arn.hasPrefix("arn:aws:iam::aws:policy/") ? byARN[arn] : nil
    }
}

extension AWSManagedPolicies.Entry {
    /// 2015-02-06, when AWS gave its policies ARNs.
    private static let created = Timestamp(seconds: 1_423_180_800)

    fileprivate init(_ entry: AWSManagedPolicyDocuments.Entry) {
        // The identifier is the same on every machine, as AWS's is.
        let digest = SHA256.hash(entry.path + entry.name)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        let id = String(decoding: digest.prefix(17).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
        policy = ManagedPolicy(
            account: "aws", name: entry.name, path: entry.path, uniqueID: "ANPA\(id)", description: nil,
            created: Self.created, updated: Self.created, defaultVersion: 1, lastVersion: 1, tags: [])
        version = ManagedPolicy.Version(number: 1, document: entry.document, created: Self.created)
    }
}
