import ServiceKit

/// Configurations of which a bucket may have many, each under an identifier.
///
/// They are kept and answered as settings. What they ask for is not done: nobody makes reports of them, and no object moves
/// between the tiers of `INTELLIGENT_TIERING` (decision 0079).
enum NamedConfiguration: String, Sendable, SQLValue {
    case metrics = "Metrics"
    case analytics = "Analytics"
    case inventory = "Inventory"
    case intelligentTiering = "IntelligentTiering"

    static let limit = 1000
    static let pageSize = 100

    /// The member that holds one, the name with `List` behind it the member that holds several.
    var member: String { "\(rawValue)Configuration" }
    var readAction: String { "s3:Get\(member)" }
    var writeAction: String { "s3:Put\(member)" }

    /// - Throws: `InvalidArgument`
    func check(_ configuration: JSONValue) throws {
        switch self {
        case .metrics, .analytics: break
        case .inventory: try Self.checkInventory(configuration)
        case .intelligentTiering: try Self.checkTierings(configuration)
        }
    }

    private static func checkInventory(_ configuration: JSONValue) throws {
        let destination = configuration["Destination"]?["S3BucketDestination"]?["Bucket"]?.string ?? ""
        guard let arn = ARN(destination), arn.service == "s3", BucketName.isValid(arn.resource) else {
            throw ServiceError.invalidArgument("Invalid bucket ARN.", "Bucket", destination)
        }
    }

    /// [Archive tiers](https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html)
    private static func checkTierings(_ configuration: JSONValue) throws {
        let least = ["ARCHIVE_ACCESS": 90, "DEEP_ARCHIVE_ACCESS": 180]
        var seen: Set<String> = []
        for tiering in configuration["Tierings"]?.elements.map(\.self) ?? [] {
            let (tier, days) = (tiering["AccessTier"]?.string ?? "", tiering["Days"]?.int64 ?? 0)
            guard seen.insert(tier).inserted else { throw ServiceError.malformedXML }
            guard let first = least[tier], (Int64(first)...730).contains(days) else {
                throw ServiceError.invalidArgument(
                    "The number of days for \(tier) must be between \(least[tier] ?? 90) and 730.", "Days", "\(days)")
            }
        }
        if seen.isEmpty { throw ServiceError.malformedXML }
    }
}

/// Which of a bucket's configurations a request means.
struct NamedConfigurationInput: InputShape {
    let bucket: BucketReference
    let id: String

    init(_ member: Members) throws {
        bucket = try BucketReference(member)
        id = try member("Id")
    }
}

/// A configuration to keep.
struct NamedConfigurationDocument: Sendable {
    let target: NamedConfigurationInput
    let body: JSONValue

    /// - Throws: `MalformedXML`, `InvalidArgument`
    init(_ kind: NamedConfiguration, _ member: Members) throws {
        target = try NamedConfigurationInput(member)
        body = try member(kind.member)
        let isPlain = target.id.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
        }
        guard isPlain, (1...64).contains(target.id.utf8.count) else {
            throw ServiceError.invalidArgument("The specified ID is not valid.", "id", target.id)
        }
        guard body["Id"]?.string == target.id else {
            throw ServiceError.invalidArgument(
                "The ID in the query does not match the one in the document.", "id", target.id)
        }
        try kind.check(body)
    }
}

/// Where a page of a bucket's configurations begins.
struct NamedConfigurationsInput: InputShape {
    let bucket: BucketReference
    let token: String?

    init(_ member: Members) throws {
        bucket = try BucketReference(member)
        token = try member("ContinuationToken")
    }
}

struct NamedConfigurationAnswer: OutputShape {
    let kind: NamedConfiguration
    let body: JSONValue

    func write(to json: inout JSONWriter) { json.member(kind.member, body) }
}

struct NamedConfigurationsAnswer: OutputShape {
    let kind: NamedConfiguration
    let bodies: [JSONValue]
    let token: String?
    let next: String?

    func write(to json: inout JSONWriter) {
        json.member("IsTruncated", next != nil)
        json.member("ContinuationToken", token)
        json.member("NextContinuationToken", next)
        if !bodies.isEmpty { json.member("\(kind.member)List", bodies) }
    }
}

extension S3Store {
    func put(_ document: NamedConfigurationDocument, as kind: NamedConfiguration) async throws -> NoOutput {
        try await write(in: document.target.bucket) { transaction, bucket in
            try transaction.put(document.body, as: kind, id: document.target.id, of: bucket)
        }
        return NoOutput()
    }

    func delete(_ kind: NamedConfiguration, _ input: NamedConfigurationInput) async throws -> NoOutput {
        try await write(in: input.bucket) { transaction, bucket in
            guard try transaction.delete(kind, id: input.id, of: bucket) else {
                throw ServiceError.noSuchNamedConfiguration(bucket)
            }
        }
        return NoOutput()
    }

    func find(_ kind: NamedConfiguration, _ input: NamedConfigurationInput) async throws -> NamedConfigurationAnswer {
        let bucket = try await bucket(input.bucket)
        guard let body = try await read({ try $0.configuration(kind, id: input.id, of: bucket) }) else {
            throw ServiceError.noSuchNamedConfiguration(bucket)
        }
        return NamedConfigurationAnswer(kind: kind, body: body)
    }

    func list(_ kind: NamedConfiguration, _ input: NamedConfigurationsInput) async throws -> NamedConfigurationsAnswer {
        let bucket = try await bucket(input.bucket)
        let start = try input.token.map(ContinuationToken.open) ?? ""
        let size = NamedConfiguration.pageSize
        let found = try await read { try $0.configurations(kind, of: bucket, after: start, limit: size + 1) }
        let page = found.prefix(size)
        return NamedConfigurationsAnswer(
            kind: kind, bodies: page.map(\.body), token: input.token,
            next: found.count > size ? page.last.map { ContinuationToken.seal($0.id) } : nil)
    }
}

extension ServiceError {
    fileprivate static func noSuchNamedConfiguration(_ bucket: Bucket) -> ServiceError {
        .noSuchConfiguration("NoSuchConfiguration", "The specified configuration does not exist.", bucket.name)
    }
}
