import ServiceKit
import TemplateLanguage

/// Changes of what has operations of its own.
extension TableCalls {
    func updateSettings(from old: TemplateMap, to new: TemplateMap, _ table: JSONValue) async throws {
        if old["TimeToLiveSpecification"] != new["TimeToLiveSpecification"] { try await setTimeToLive(new) }
        if let recovery = change("PointInTimeRecoverySpecification", from: old, to: new) {
            let isOn = recovery?.flag("PointInTimeRecoveryEnabled") ?? false
            if isOn || old["PointInTimeRecoverySpecification"] != nil { try await setRecovery(isOn, recovery) }
        }
        try await setInsights(from: old, to: new)
        try await setKinesisStream(from: old, to: new)
        if let policy = change("ResourcePolicy", from: old, to: new) {
            try await set(policy: policy, of: table["TableArn"]?.string)
        }
        let streamPolicies = [old, new].map { $0["StreamSpecification"]?.map?["ResourcePolicy"]?.map }
        // A new stream has none of the old one's.
        if streamPolicies[0] != streamPolicies[1]
            || streamPolicies[1] != nil && old["StreamSpecification"] != new["StreamSpecification"]
        {
            if let arn = table["LatestStreamArn"]?.string { try await set(policy: streamPolicies[1], of: arn) }
        }
    }

    /// The new value of a property that differs.
    private func change(_ name: String, from old: TemplateMap, to new: TemplateMap) -> TemplateMap?? {
        old[name] == new[name] ? nil : .some(new[name]?.map)
    }

    private func setTimeToLive(_ new: TemplateMap) async throws {
        let wanted = new["TimeToLiveSpecification"]?.map
        let attribute = wanted?.flag("Enabled") == true ? wanted?.text("AttributeName") : nil
        let reply = try await context.call("dynamodb", "DescribeTimeToLive") { $0.member("TableName", name) }
        let present = reply["TimeToLiveDescription"]?["AttributeName"]?.string
        guard present != attribute || wanted?.flag("Enabled") == true && attribute == nil else { return }
        if let present { try await setTimeToLive(false, present) }
        if wanted?.flag("Enabled") == true { try await setTimeToLive(true, attribute) }
    }

    private func setTimeToLive(_ isOn: Bool, _ attribute: String?) async throws {
        try await context.call("dynamodb", "UpdateTimeToLive") { json in
            json.member("TableName", name)
            json.member("TimeToLiveSpecification") { json in
                json.object { json in
                    json.member("Enabled", isOn)
                    json.member("AttributeName", attribute)
                }
            }
        }
    }

    private func setRecovery(_ isOn: Bool, _ recovery: TemplateMap?) async throws {
        try await context.call("dynamodb", "UpdateContinuousBackups") { json in
            json.member("TableName", name)
            json.member("PointInTimeRecoverySpecification") { json in
                json.object { json in
                    json.member("PointInTimeRecoveryEnabled", isOn)
                    json.member("RecoveryPeriodInDays", isOn ? recovery?["RecoveryPeriodInDays"] : nil)
                }
            }
        }
    }

    /// Of the table, and of each index.
    private func setInsights(from old: TemplateMap, to new: TemplateMap) async throws {
        func specifications(_ properties: TemplateMap) -> [String: TemplateMap] {
            let all =
                [("", properties)] + properties.maps("GlobalSecondaryIndexes").map { ($0.text("IndexName") ?? "", $0) }
            return Dictionary(
                all.compactMap { name, map in map["ContributorInsightsSpecification"]?.map.map { (name, $0) } },
                uniquingKeysWith: { $1 })
        }
        let before = specifications(old)
        for (index, wanted) in specifications(new).sorted(by: { $0.key < $1.key }) where before[index] != wanted {
            let isOn = wanted.flag("Enabled") == true
            guard isOn || before[index] != nil else { continue }
            try await context.call("dynamodb", "UpdateContributorInsights") { json in
                json.member("TableName", name)
                json.member("IndexName", index.isEmpty ? nil : index)
                json.member("ContributorInsightsAction", isOn ? "ENABLE" : "DISABLE")
                json.member("ContributorInsightsMode", isOn ? wanted["Mode"] : nil)
            }
        }
    }

    private func setKinesisStream(from old: TemplateMap, to new: TemplateMap) async throws {
        guard let stream = change("KinesisStreamSpecification", from: old, to: new) else { return }
        if let present = old["KinesisStreamSpecification"]?.map {
            try await context.call("dynamodb", "DisableKinesisStreamingDestination", ifThere: Self.missing) { json in
                json.member("TableName", name)
                json.member("StreamArn", present["StreamArn"])
            }
        }
        guard let stream else { return }
        try await context.call("dynamodb", "EnableKinesisStreamingDestination") { json in
            json.member("TableName", name)
            json.member("StreamArn", stream["StreamArn"])
            let precision = stream.only("ApproximateCreationDateTimePrecision")
            if !precision.isEmpty { json.member("EnableKinesisStreamingConfiguration", precision) }
        }
    }

    /// - Parameter policy: `nil` to take it away.
    private func set(policy: TemplateMap?, of arn: String?) async throws {
        guard let document = policy?["PolicyDocument"] else {
            try await context.call(
                "dynamodb", "DeleteResourcePolicy", ifThere: "PolicyNotFoundException", Self.missing
            ) { $0.member("ResourceArn", arn) }
            return
        }
        try await context.call("dynamodb", "PutResourcePolicy") { json in
            json.member("ResourceArn", arn)
            json.member("Policy", document.document)
        }
    }

    func changeTags(from old: TemplateMap, to new: TemplateMap, _ table: JSONValue) async throws {
        let arn = table["TableArn"]?.string ?? ""
        try await context.changeTags(of: arn, named: "ResourceArn", from: old, to: new, "dynamodb")
    }
}
