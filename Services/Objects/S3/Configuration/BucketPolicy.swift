import ServiceKit

/// Rules about the policy attached to a bucket; its evaluation is AccessPolicy's.
enum BucketPolicy {
    /// The bucket's own policy, and what the bucket grants to Thumbnails by asking for it.
    static func effective(
        in configurations: [ConfigurationKind: JSONValue], of bucket: ARN
    ) throws -> Policy? {
        let own = configurations[.policy]?.string.map { Array($0.utf8) }
        guard try NotificationConfiguration.thumbnailTag(in: configurations) != nil else {
            return try own.map { try Policy.parse($0) }
        }
        var json = JSONWriter()
        json.object { json in
            json.member("Version", "2012-10-17")
            json.member("Statement") { json in
                json.array { json in
                    for statement in (own.flatMap { try? JSONDocument($0).root })?["Statement"]?.oneOrMany ?? [] {
                        json.value(statement)
                    }
                    json.object { writeThumbnailsGrant(to: &$0, bucket) }
                }
            }
        }
        return try Policy.parse(json.bytes)
    }

    private static func writeThumbnailsGrant(to json: inout JSONWriter, _ bucket: ARN) {
        json.member("Effect", "Allow")
        json.member("Principal") { $0.object { $0.member("Service", "thumbnails.apus") } }
        json.member("Action", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"])
        json.member("Resource", ["\(bucket)/*", "\(bucket)"])
    }

    /// Whether a condition of the policy is on `s3:ExistingObjectTag/…`.
    static func asksForTags(in configurations: [ConfigurationKind: JSONValue]) -> Bool {
        configurations[.policy]?.string.map(asksForTags) ?? false
    }

    static func asksForTags(_ policy: String) -> Bool { policy.lowercased().contains("s3:existingobjecttag/") }

    /// Whether the policy among the configurations does.
    static func isPublic(in configurations: [ConfigurationKind: JSONValue]) -> Bool {
        guard let text = configurations[.policy]?.string, let document = try? JSONDocument(Array(text.utf8)) else {
            return false
        }
        return isPublic(document.root)
    }

    /// Whether any statement lets everybody in, as
    /// AWS defines "public" on its page about Block Public Access, under "The meaning of public".
    static func isPublic(_ policy: JSONValue) -> Bool {
        guard let statements = policy["Statement"] else { return false }
        return statements.oneOrMany.contains { statement in
            statement["Effect"]?.string == "Allow" && isEverybody(statement) && !isNarrowed(statement["Condition"])
        }
    }

    private static func isEverybody(_ statement: JSONValue) -> Bool {
        if statement["NotPrincipal"] != nil { return true }
        guard let principal = statement["Principal"] else { return false }
        if principal.kind == .string { return principal.string == "*" }
        return principal["AWS"]?.oneOrMany.contains { $0.string == "*" } ?? false
    }

    /// Conditions on fixed values of these keys make a statement for everybody one for some.
    private static let narrowingKeys: Set<String> = [
        "aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount",
        "aws:principalorgid", "aws:principalaccount", "aws:principalarn", "aws:userid", "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id",
    ]

    private static func isNarrowed(_ condition: JSONValue?) -> Bool {
        guard let condition else { return false }
        return condition.members.contains { test in
            // Only comparisons that a wildcard or an absent value cannot satisfy.
            let isComparison = !test.name.contains("Not") && !test.name.hasSuffix("IfExists")
            return isComparison
                && test.value.members.contains { key in
                    narrowingKeys.contains(key.name.lowercased())
                        && key.value.oneOrMany.allSatisfy { $0.string.map(isFixed) ?? false }
                }
        }
    }

    private static func isFixed(_ value: String) -> Bool {
        !value.contains("*") && !value.contains("${") && value != "0.0.0.0/0"
    }
}

extension JSONValue {
    /// IAM's documents allow a single value where a list of one is meant.
    var oneOrMany: [JSONValue] { kind == .array ? Array(elements) : [self] }
}

extension BucketPolicy {
    /// - Throws: `MalformedPolicy`
    static func checked(_ text: [UInt8]) throws -> JSONValue {
        guard text.count <= Limits.policySize else {
            throw ServiceError("PolicyTooLarge", "The policy exceeds the maximum allowed document size.")
        }
        guard let document = try? JSONDocument(text).root, document.kind == .object else {
            throw ServiceError.malformedPolicy
        }
        do {
            _ = try Policy.parse(text)
        } catch {
            throw ServiceError("MalformedPolicy", "\(error)")
        }
        return document
    }

    /// - Throws: `MalformedPolicy` for statements about anything but what the policy is attached to.
    static func checkResources(of policy: JSONValue, naming owns: (String) -> Bool) throws {
        for statement in policy["Statement"]?.oneOrMany ?? [] {
            guard statement["Principal"] != nil || statement["NotPrincipal"] != nil else {
                throw ServiceError("MalformedPolicy", "Missing required field Principal")
            }
            for resource in (statement["Resource"] ?? statement["NotResource"])?.oneOrMany ?? [] {
                guard let arn = resource.string, owns(arn) else {
                    throw ServiceError("MalformedPolicy", "Policy has invalid resource")
                }
            }
        }
    }
}
