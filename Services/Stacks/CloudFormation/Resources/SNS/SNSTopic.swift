import ServiceKit
import TemplateLanguage

/// A topic with its subscriptions.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html)
struct SNSTopic: ResourceType {
    let name = "AWS::SNS::Topic"
    let properties: Set<String>? = Set(attributes.keys).union(["Subscription", "Tags", "TopicName"])

    static let missing = "NotFoundException"
    /// The attributes there are, and what they are where nothing is said.
    private static let attributes = [
        "ContentBasedDeduplication": "false", "DisplayName": "", "FifoThroughputScope": "Topic", "FifoTopic": "false",
        "KmsMasterKeyId": "", "SignatureVersion": "1", "TracingConfig": "PassThrough",
    ]

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        let suffix = properties.flag("FifoTopic") == true ? ".fifo" : ""
        let name = properties.text("TopicName") ?? context.generatedName(limit: 256 - suffix.utf8.count) + suffix
        return "arn:aws:sns:\(context.place.region):\(context.place.account):\(name)"
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let arn = planned ?? ""
        try await context.call("sns", "CreateTopic") { json in
            json.member("Name", Self.name(of: arn))
            let given = Self.attributes.keys.compactMap { name in properties.text(name).map { (name, $0) } }
            if !given.isEmpty { json.member("Attributes", Dictionary(uniqueKeysWithValues: given)) }
            json.member("Tags", properties.tags.ifAny)
        }
        for subscription in properties.maps("Subscription") { try await subscribe(subscription, to: arn, in: context) }
        return Self.resource(arn)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        for (name, absent) in Self.attributes.sorted(by: { $0.key < $1.key }) where old[name] != new[name] {
            try await context.call("sns", "SetTopicAttributes") { json in
                json.member("TopicArn", id)
                json.member("AttributeName", name)
                json.member("AttributeValue", new.text(name) ?? absent)
            }
        }
        let (before, after) = (old.maps("Subscription"), new.maps("Subscription"))
        for subscription in after where !before.contains(subscription) {
            try await subscribe(subscription, to: id, in: context)
        }
        let gone = before.filter { !after.contains($0) }
        if !gone.isEmpty { try await unsubscribe(gone, from: id, in: context) }
        try await context.changeTags(of: id, named: "ResourceArn", from: old, to: new, "sns")
        return Self.resource(id)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call("sns", "DeleteTopic", ifThere: Self.missing) { $0.member("TopicArn", id) }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await context.call("sns", "GetTopicAttributes", ifThere: Self.missing) { $0.member("TopicArn", id) }
            .map { _ in Self.resource(id) }
    }

    private func subscribe(_ subscription: TemplateMap, to arn: String, in context: ResourceContext) async throws {
        try await context.call("sns", "Subscribe") { json in
            json.member("TopicArn", arn)
            json.members(subscription, "Protocol", "Endpoint")
        }
    }

    private func unsubscribe(_ gone: [TemplateMap], from arn: String, in context: ResourceContext) async throws {
        var token: String?
        repeat {
            let page = try await context.call("sns", "ListSubscriptionsByTopic") { json in
                json.member("TopicArn", arn)
                json.member("NextToken", token)
            }
            for present in Array(page["Subscriptions"]?.elements ?? .none) {
                let isGone = gone.contains { subscription in
                    subscription.text("Protocol") == present["Protocol"]?.string
                        && subscription.text("Endpoint") == present["Endpoint"]?.string
                }
                guard isGone, let id = present["SubscriptionArn"]?.string, id.hasPrefix("arn:") else { continue }
                try await context.call("sns", "Unsubscribe", ifThere: Self.missing) { $0.member("SubscriptionArn", id) }
            }
            token = page["NextToken"]?.string
        } while token != nil
    }

    private static func name(of arn: String) -> String { arn.split(separator: ":").last.map(String.init) ?? "" }

    private static func resource(_ arn: String) -> PhysicalResource {
        PhysicalResource(arn, attributes: ["TopicArn": .string(arn), "TopicName": .string(name(of: arn))])
    }
}
