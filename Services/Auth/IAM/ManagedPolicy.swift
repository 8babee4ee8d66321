import ServiceKit

/// A policy with an ARN of its own, attached to any number of identities.
struct ManagedPolicy: Sendable {
    struct Version: Sendable {
        let number: Int
        let document: String
        let created: Timestamp

        var id: String { "v\(number)" }
    }

    static let versionLimit = 5
    static let sizeLimit = 6144

    /// `aws` for AWS's own.
    let account: String
    let name: String
    let path: String
    let uniqueID: String
    let description: String?
    let created: Timestamp
    var updated: Timestamp
    var defaultVersion: Int
    /// The highest number given so far: numbers are not used again.
    var lastVersion: Int
    var tags: [Tag]

    var arn: String { "arn:aws:iam::\(account):policy\(path)\(name)" }
    var isAWSManaged: Bool { account == "aws" }

    /// `Name` of `arn:aws:iam::123456789012:policy/path/Name`, where it is a policy of the account.
    static func name(in arn: String, of account: String) -> String? {
        guard let parsed = ARN(arn), parsed.service == "iam", parsed.account == account,
            parsed.resource.hasPrefix("policy/")
        else { return nil }
        return parsed.resource.split(separator: "/").last.map(String.init)
    }

    /// - Throws: `LimitExceeded` for a document of more than 6,144 characters, white space not counted.
    static func checkSize(_ document: String) throws {
        guard document.significantCount <= sizeLimit else { throw ServiceError.quota("PolicySize", sizeLimit) }
    }
}

extension String {
    /// Characters that are not white space: what IAM's quotas count.
    var significantCount: Int { utf8.filter { $0 != 0x20 && !(0x09...0x0d).contains($0) }.count }
}

/// How a managed policy appears in answers.
struct ManagedPolicyOutput: OutputShape {
    let policy: ManagedPolicy
    let attachmentCount: Int
    let boundaryCount: Int
    /// Lists leave description and tags out.
    var isDetailed = true

    func write(to json: inout JSONWriter) {
        json.member("PolicyName", policy.name)
        json.member("PolicyId", policy.uniqueID)
        json.member("Arn", policy.arn)
        json.member("Path", policy.path)
        json.member("DefaultVersionId", "v\(policy.defaultVersion)")
        json.member("AttachmentCount", attachmentCount)
        json.member("PermissionsBoundaryUsageCount", boundaryCount)
        json.member("IsAttachable", true)
        json.member("CreateDate", policy.created)
        json.member("UpdateDate", policy.updated)
        guard isDetailed else { return }
        json.member("Description", policy.description)
        if !policy.tags.isEmpty { json.member("Tags", policy.tags) }
    }
}

/// How a version appears in answers.
struct PolicyVersionOutput: OutputShape {
    let version: ManagedPolicy.Version
    let isDefault: Bool
    var hasDocument = false

    func write(to json: inout JSONWriter) {
        if hasDocument { json.member("Document", PercentEncoding.string(version.document)) }
        json.member("VersionId", version.id)
        json.member("IsDefaultVersion", isDefault)
        json.member("CreateDate", version.created)
    }
}
