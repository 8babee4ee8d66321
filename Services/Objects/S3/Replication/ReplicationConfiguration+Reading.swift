import ServiceKit

extension ReplicationConfiguration {
    /// Reads a document that `check` found to be right.
    ///
    /// - Throws: `MalformedXML`
    init?(_ json: JSONValue?) throws {
        guard let json else { return nil }
        guard let role = json["Role"]?.string, let rules = json["Rules"]?.elements.map(\.self) else {
            throw ServiceError.malformedXML
        }
        let isFirstForm = Self.isFirstForm(rules)
        self.role = role
        self.isFirstForm = isFirstForm
        self.rules = try rules.map { try Rule($0, isFirstForm: isFirstForm) }
    }

    static func isFirstForm(_ rules: [JSONValue]) -> Bool { rules.contains { $0.present("Filter") == nil } }
}

extension ReplicationConfiguration.Rule {
    fileprivate init(_ json: JSONValue, isFirstForm: Bool) throws {
        let filter = json.present("Filter")
        let both = filter?.present("And")
        let criteria = json.present("SourceSelectionCriteria")
        id = json["ID"]?.string ?? ""
        isEnabled = json["Status"]?.string == "Enabled"
        priority = json["Priority"]?.int64 ?? 0
        prefix = (json.present("Prefix") ?? filter?.present("Prefix") ?? both?.present("Prefix"))?.string ?? ""
        tags =
            try both?.present("Tags").map { try [Tag](json: $0) }
            ?? filter?.present("Tag").map { [try Tag(json: $0)] } ?? []
        replicatesMarkers = isFirstForm || json.isEnabled("DeleteMarkerReplication")
        replicatesManagedKeys = criteria?.isEnabled("SseKmsEncryptedObjects") ?? false
        replicatesReplicaChanges = criteria?.isEnabled("ReplicaModifications") ?? false
        replicatesExisting = json.isEnabled("ExistingObjectReplication")
        guard let target = json.present("Destination") else { throw ServiceError.malformedXML }
        destination = try ReplicationConfiguration.Destination(target)
    }
}

extension ReplicationConfiguration.Destination {
    /// - Throws: `InvalidArgument`
    init(_ json: JSONValue) throws {
        let arn = json["Bucket"]?.string ?? ""
        guard let parsed = ARN(arn), parsed.service == "s3", parsed.region.isEmpty, parsed.account.isEmpty else {
            throw ServiceError.invalidArgument("Invalid bucket ARN", "Bucket", arn)
        }
        bucket = parsed.resource
        account = json.present("Account")?.string
        storageClass = json.present("StorageClass")?.string
        ownsReplicas = json.present("AccessControlTranslation")?["Owner"]?.string == "Destination"
        keyID = json.present("EncryptionConfiguration")?.present("ReplicaKmsKeyID")?.string
        hasTimeControl = json.isEnabled("ReplicationTime")
        hasMetrics = hasTimeControl || json.isEnabled("Metrics")
    }
}

extension JSONValue {
    /// A member that is there and not `null`.
    func present(_ name: String) -> JSONValue? { self[name].flatMap { $0.isNull ? nil : $0 } }

    /// Whether a member says `{"Status": "Enabled"}`.
    func isEnabled(_ name: String) -> Bool { present(name)?["Status"]?.string == "Enabled" }
}
