import ServiceKit

/// When objects expire. Transitions between storage classes are kept but not acted upon.
struct LifecycleConfiguration: Sendable {
    struct Rule: Sendable {
        let id: String
        let isEnabled: Bool
        let prefix: String
        let tags: [Tags.Tag]
        let expirationDays: Int?
        let noncurrentDays: Int?
        let abortDays: Int?
    }

    let rules: [Rule]

    /// - Throws: `MalformedXML`, `InvalidArgument`
    init(_ configuration: JSONValue) throws {
        rules = try (configuration["Rules"].map { Array($0.elements) } ?? []).map(Self.rule)
        if rules.isEmpty || rules.count > 1000 { throw ServiceError.malformedXML }
        let identifiers = rules.map(\.id).filter { !$0.isEmpty }
        guard Set(identifiers).count == identifiers.count else {
            throw ServiceError.invalidArgument("Rule ID must be unique. Found same ID for more than one rule", "ID", "")
        }
        for id in identifiers where id.utf8.count > 255 {
            throw ServiceError.invalidArgument("ID length should not exceed allowed limit of 255", "ID", id)
        }
    }

    private static func rule(_ json: JSONValue) throws -> Rule {
        let filter = json["Filter"]
        let both = filter?["And"]
        let tags = try both?["Tags"].map { try [Tags.Tag](json: $0) } ?? filter?["Tag"].map { [try Tags.Tag(json: $0)] }
        let rule = Rule(
            id: json["ID"]?.string ?? "", isEnabled: json["Status"]?.string == "Enabled",
            prefix: (json["Prefix"] ?? filter?["Prefix"] ?? both?["Prefix"])?.string ?? "", tags: tags ?? [],
            expirationDays: try days(json["Expiration"]?["Days"]),
            noncurrentDays: try days(json["NoncurrentVersionExpiration"]?["NoncurrentDays"]),
            abortDays: try days(json["AbortIncompleteMultipartUpload"]?["DaysAfterInitiation"]))
        let actions = [
            "Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload", "Transitions",
            "NoncurrentVersionTransitions",
        ]
        try checkDates([json["Expiration"]] + (json["Transitions"]?.elements.map { $0 } ?? []))
        guard actions.contains(where: { json[$0] != nil }) else {
            throw ServiceError.invalidRequest("At least one action needs to be specified in a rule")
        }
        return rule
    }

    /// Days begin at midnight.
    private static func checkDates(_ actions: [JSONValue?]) throws {
        for date in actions.compactMap({ $0?["Date"] }) where !date.isNull {
            guard try Timestamp(json: date).milliseconds % (24 * 3600 * 1000) == 0 else {
                throw ServiceError.invalidArgument("'Date' must be at midnight GMT", "Date", String(describing: date))
            }
        }
    }

    private static func days(_ json: JSONValue?) throws -> Int? {
        guard let number = json?.int64 else { return nil }
        guard number > 0 else {
            throw ServiceError.invalidArgument(
                "'Days' for Expiration action must be a positive integer", "Days", "\(number)")
        }
        return Int(number)
    }
}
