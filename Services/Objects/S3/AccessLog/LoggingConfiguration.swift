import ServiceKit

/// Where a bucket's access logs go.
///
/// [Server access logging](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html)
struct LoggingConfiguration: Sendable {
    enum KeyFormat: Sendable, Equatable {
        /// `prefix2026-11-21-18-00-00-0123456789ABCDEF`
        case simple
        /// The same below `prefix/account/region/bucket/year/month/day/`.
        case partitioned
    }

    let target: String
    let prefix: String
    let format: KeyFormat
    /// Who else may read the logs, where the target has lists.
    let grants: [AccessControlList.Grant]

    /// `nil` for a status that turns logging off.
    ///
    /// - Throws: `MalformedXML`, and what the grants are refused for.
    init?(_ status: JSONValue?) throws {
        guard let enabled = status?["LoggingEnabled"], !enabled.isNull else { return nil }
        guard let target = enabled["TargetBucket"]?.string, let prefix = enabled["TargetPrefix"]?.string else {
            throw ServiceError.malformedXML
        }
        (self.target, self.prefix) = (target, prefix)
        format = try Self.format(enabled["TargetObjectKeyFormat"])
        grants = try AccessControlList.grants(enabled["TargetGrants"].map { Array($0.elements) } ?? [])
    }

    /// By event or by delivery, a file holds records of one day: deliveries are minutes apart, and a file's day is the
    /// day of its first record.
    private static func format(_ json: JSONValue?) throws -> KeyFormat {
        guard let json, !json.isNull else { return .simple }
        guard let partitioned = json["PartitionedPrefix"], !partitioned.isNull else { return .simple }
        guard json["SimplePrefix"].map(\.isNull) ?? true else { throw ServiceError.malformedXML }
        let source = partitioned["PartitionDateSource"]?.string ?? "DeliveryTime"
        guard source == "EventTime" || source == "DeliveryTime" else { throw ServiceError.malformedXML }
        return .partitioned
    }

    /// The key of a file of records of `bucket`, new with every call.
    func key(forRecordsOf bucket: Bucket, at time: Timestamp) -> String {
        let date = CivilDate(time)
        let day = [date.year.digits(4), date.month.digits(2), date.day.digits(2)]
        let clock = [date.hour.digits(2), date.minute.digits(2), date.second.digits(2)]
        let name = (day + clock + [Hex.string(SecureRandom.bytes(8)).uppercased()]).joined(separator: "-")
        if format == .simple { return prefix + name }
        return prefix + ([bucket.account, bucket.region, bucket.name] + day + [name]).joined(separator: "/")
    }
}

extension Bucket {
    /// Those who deliver the logs of `source`, as policies know them.
    static func logDelivery(from source: Bucket) -> Caller {
        var caller = Caller.service("logging.s3.amazonaws.com", account: source.account)
        caller.context = ["aws:SourceArn": [source.arn.description], "aws:SourceAccount": [source.account]]
        return caller
    }

    /// Whether the policy or the list lets the logs of `source` be stored under a key.
    func acceptsLogs(of source: Bucket, as key: String, at now: Timestamp) -> Bool {
        let delivery = AccessControlList.Grantee.group(.logDelivery)
        let isListed = list.grants.contains { grant in
            grant.grantee == delivery && (grant.right == .write || grant.right == .fullControl)
        }
        if hasLists, isListed { return true }
        var request = AccessRequest(
            AccessPrincipal(Self.logDelivery(from: source)), "s3:PutObject", on: arn(of: key).description,
            resourceAccount: account, at: now)
        request.region = region
        return ApplicablePolicies(resource: policy).decide(request).isAllowed
    }
}
