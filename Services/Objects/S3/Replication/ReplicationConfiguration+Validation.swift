import ServiceKit

extension ReplicationConfiguration {
    private static let maximumRules = 1000
    private static let maximumIDLength = 255

    /// What AWS refuses in a configuration, whatever the buckets are like.
    ///
    /// - Throws: `MalformedXML`, `InvalidRequest`, `InvalidArgument`
    static func check(_ json: JSONValue, of source: Bucket) throws {
        let rules = json["Rules"]?.elements.map(\.self) ?? []
        guard !rules.isEmpty, rules.count <= maximumRules else { throw ServiceError.malformedXML }
        let isFirstForm = isFirstForm(rules)
        var (identifiers, priorities): (Set<String>, Set<Int64>) = ([], [])
        for rule in rules {
            try checkForm(of: rule, isFirst: isFirstForm)
            try checkFilter(of: rule)
            try checkCriteria(of: rule)
            try checkDestination(of: rule, source)
            if let id = rule.present("ID")?.string, !id.isEmpty {
                guard id.utf8.count <= maximumIDLength else {
                    throw ServiceError.invalidArgument("Rule Id cannot be greater than 255", "ID", id)
                }
                guard identifiers.insert(id).inserted else {
                    throw ServiceError.invalidArgument("Rule Id must be unique", "ID", id)
                }
            }
            if let priority = rule.present("Priority")?.int64, !priorities.insert(priority).inserted {
                throw ServiceError.invalidRequest("Found duplicate priority \(priority).")
            }
        }
        if isFirstForm { try checkFirstForm(rules) }
    }

    /// - Throws: `InvalidArgument`
    static func checkRole(_ role: String) throws {
        guard let arn = ARN(role), arn.service == "iam", arn.region.isEmpty, arn.account.utf8.count == 12 else {
            throw ServiceError.invalidArgument("Invalid Role specified in replication configuration", "Role", role)
        }
        guard arn.resource.hasPrefix("role/"), arn.resource != "role/" else {
            throw ServiceError.invalidArgument("The relative id should start with role", "Role", role)
        }
    }

    // MARK: Rules

    private static func checkForm(of rule: JSONValue, isFirst: Bool) throws {
        guard ["Enabled", "Disabled"].contains(rule["Status"]?.string) else { throw ServiceError.malformedXML }
        for name in ["Priority", "DeleteMarkerReplication"] where (rule.present(name) == nil) != isFirst {
            throw ServiceError.invalidRequest(
                "\(name) \(isFirst ? "cannot be used" : "must be specified") for this version of Cross Region "
                    + "Replication configuration schema. Please refer to S3 Developer Guide for more information.")
        }
        if let priority = rule.present("Priority")?.int64, !(0...Int64(Int32.max)).contains(priority) {
            throw ServiceError.invalidRequest("Priority must be between 0 and 2147483647.")
        }
    }

    /// One of prefix, tag and `And` of two or more.
    private static func checkFilter(of rule: JSONValue) throws {
        guard let filter = rule.present("Filter") else {
            if rule.present("Prefix") == nil { throw ServiceError.malformedXML }
            return
        }
        let kinds = ["Prefix", "Tag", "And"].filter { filter.present($0) != nil }
        guard rule.present("Prefix") == nil, kinds.count <= 1 else { throw ServiceError.malformedXML }
        var tags = try filter.present("Tag").map { [try Tag(json: $0)] } ?? []
        if let both = filter.present("And") {
            tags = try both.present("Tags").map { try [Tag](json: $0) } ?? []
            guard tags.count + (both.present("Prefix") == nil ? 0 : 1) >= 2 else { throw ServiceError.malformedXML }
        }
        guard Set(tags.map(\.key)).count == tags.count else {
            throw ServiceError.invalidRequest("Duplicate Tag Keys are not allowed.")
        }
        if !tags.isEmpty, rule.isEnabled("DeleteMarkerReplication") {
            throw ServiceError.invalidRequest(
                "Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 "
                    + "Developer Guide for more information.")
        }
    }

    private static func checkCriteria(of rule: JSONValue) throws {
        let criteria = rule.present("SourceSelectionCriteria")
        let selector = criteria?.present("SseKmsEncryptedObjects")
        if criteria != nil, selector == nil, criteria?.present("ReplicaModifications") == nil {
            throw ServiceError.invalidRequest("SourceSelectionCriteria cannot be empty.")
        }
        let encryption = rule.present("Destination")?.present("EncryptionConfiguration")
        if encryption != nil, selector == nil {
            throw ServiceError.invalidRequest(
                "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.")
        }
        let key = encryption?.present("ReplicaKmsKeyID")?.string
        if selector != nil, key == nil {
            throw ServiceError.invalidRequest(
                "ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.")
        }
        if let key, ARN(key)?.service != "kms" {
            throw ServiceError.invalidArgument("Invalid ReplicaKmsKeyID ARN.", "ReplicaKmsKeyID", key)
        }
    }

    /// The first form knows one destination, and no object that two rules are for.
    private static func checkFirstForm(_ rules: [JSONValue]) throws {
        guard Set(rules.map { $0["Destination"]?["Bucket"]?.string }).count == 1 else {
            throw ServiceError.invalidRequest("Number of distinct destination bucket ARNs cannot exceed 1")
        }
        let prefixes = rules.map { $0.present("Prefix")?.string ?? "" }
        for (index, prefix) in prefixes.enumerated() {
            for other in prefixes.dropFirst(index + 1)
            where ObjectKey.hasPrefix(prefix, other) || ObjectKey.hasPrefix(other, prefix) {
                throw ServiceError.invalidRequest("Found overlapping prefixes '\(prefix)' and '\(other)'")
            }
        }
    }
}

// MARK: - Destinations

extension ReplicationConfiguration {
    private static func checkDestination(of rule: JSONValue, _ source: Bucket) throws {
        guard let json = rule.present("Destination") else { throw ServiceError.malformedXML }
        let destination = try Destination(json)
        guard destination.bucket != source.name else {
            throw ServiceError.invalidRequest("Destination bucket cannot be the same as the source bucket.")
        }
        if destination.ownsReplicas, destination.account == nil {
            throw ServiceError.invalidRequest(
                "Account must be specified if the Owner in AccessControlTranslation has a value")
        }
        try checkTimeControl(json)
    }

    private static func checkTimeControl(_ destination: JSONValue) throws {
        let (metrics, time) = (destination.present("Metrics"), destination.present("ReplicationTime"))
        if time != nil, metrics == nil {
            throw ServiceError.invalidRequest(
                "Replication destination must contain both ReplicationTime and Metrics or neither.")
        }
        let threshold = metrics?.present("EventThreshold")
        if let time, time["Time"]?["Minutes"]?.int64 != 15 {
            throw ServiceError.invalidArgument("Invalid time minute value", "ReplicationTime", "null")
        }
        if destination.isEnabled("ReplicationTime") {
            guard let threshold else {
                throw ServiceError.invalidArgument(
                    "ReplicationMetrics must contain an event threshold", "ReplicationMetrics", "null")
            }
            guard threshold["Minutes"]?.int64 == 15 else {
                throw ServiceError.invalidArgument(
                    "Invalid event threshold minute value", "ReplicationMetrics", "null")
            }
        } else if threshold != nil {
            throw ServiceError.invalidArgument(
                "Metrics cannot contain an event threshold when ReplicationTime is not specified or Disabled",
                "Metrics", "null")
        }
    }
}
