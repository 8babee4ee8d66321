import ServiceKit

extension LifecycleConfiguration {
    static let minimumSizeMember = "TransitionDefaultMinimumObjectSize"

    /// Reads a document that `check` found to be right.
    ///
    /// - Throws: `MalformedXML`
    init?(_ json: JSONValue?) throws {
        guard let json else { return nil }
        rules = try (json["Rules"]?.elements.map(\.self) ?? []).map(Rule.init)
        minimumSize = json[Self.minimumSizeMember]?.string.flatMap(MinimumSize.init(rawValue:)) ?? .everywhere
    }
}

extension LifecycleConfiguration.Rule {
    fileprivate init(_ json: JSONValue) throws {
        id = json["ID"]?.string ?? ""
        isEnabled = json["Status"]?.string == "Enabled"
        filter = try LifecycleConfiguration.Filter(json)
        let expiration = json.present("Expiration")
        self.expiration = try expiration.flatMap { try LifecycleConfiguration.Time($0) }
        removesLoneMarkers = expiration?["ExpiredObjectDeleteMarker"]?.bool ?? false
        transitions = try (json.present("Transitions")?.elements.map(\.self) ?? []).compactMap { item in
            guard let time = try LifecycleConfiguration.Time(item), let name = item["StorageClass"]?.string else {
                return nil
            }
            return LifecycleConfiguration.Transition(time: time, storageClass: name)
        }
        let expired = json.present("NoncurrentVersionExpiration").map { [LifecycleConfiguration.NoncurrentAction($0)] }
        let moved = json.present("NoncurrentVersionTransitions")?.elements.map(
            LifecycleConfiguration.NoncurrentAction.init)
        noncurrentActions = (expired ?? []) + (moved ?? [])
        abortDays = json.present("AbortIncompleteMultipartUpload")?["DaysAfterInitiation"]?.int64
    }
}

extension LifecycleConfiguration.Filter {
    fileprivate init(_ rule: JSONValue) throws {
        let filter = rule.present("Filter")
        let both = filter?.present("And")
        prefix = (rule.present("Prefix") ?? filter?.present("Prefix") ?? both?.present("Prefix"))?.string ?? ""
        tags =
            try both?.present("Tags").map { try [Tag](json: $0) }
            ?? filter?.present("Tag").map { [try Tag(json: $0)] } ?? []
        greaterThan = (filter?.present("ObjectSizeGreaterThan") ?? both?.present("ObjectSizeGreaterThan"))?.int64
        lessThan = (filter?.present("ObjectSizeLessThan") ?? both?.present("ObjectSizeLessThan"))?.int64
    }
}

extension LifecycleConfiguration.Time {
    /// `nil` for an action that names neither days nor a date.
    fileprivate init?(_ json: JSONValue) throws {
        if let days = json.present("Days")?.int64 {
            self = .days(days)
        } else if let date = json.present("Date") {
            self = .date(try Timestamp(json: date))
        } else {
            return nil
        }
    }
}

extension LifecycleConfiguration.NoncurrentAction {
    fileprivate init(_ json: JSONValue) {
        days = json["NoncurrentDays"]?.int64 ?? 0
        kept = Int(json["NewerNoncurrentVersions"]?.int64 ?? 0)
        storageClass = json.present("StorageClass")?.string
    }
}
