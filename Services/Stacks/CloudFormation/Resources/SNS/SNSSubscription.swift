import ServiceKit
import TemplateLanguage

/// Who gets what a topic is told.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html)
struct SNSSubscription: ResourceType {
    let name = "AWS::SNS::Subscription"
    let properties: Set<String>? = Set(attributes.keys).union(["Endpoint", "Protocol", "TopicArn"])

    /// The attributes there are, and what they are where nothing is said.
    private static let attributes = [
        "DeliveryPolicy": "", "FilterPolicy": "{}", "FilterPolicyScope": "MessageAttributes",
        "RawMessageDelivery": "false", "RedrivePolicy": "",
    ]

    /// The service draws the ARN; who subscribes again has the subscription there is.
    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? { nil }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let reply = try await context.call("sns", "Subscribe") { json in
            json.members(properties, "TopicArn", "Protocol", "Endpoint")
            json.member("ReturnSubscriptionArn", true)
            let given = Self.attributes.keys.compactMap { name in properties[name].map { (name, $0.document) } }
            if !given.isEmpty { json.member("Attributes", Dictionary(uniqueKeysWithValues: given)) }
        }
        return Self.resource(reply["SubscriptionArn"]?.string ?? "")
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        for (name, absent) in Self.attributes.sorted(by: { $0.key < $1.key }) where old[name] != new[name] {
            try await context.call("sns", "SetSubscriptionAttributes") { json in
                json.member("SubscriptionArn", id)
                json.member("AttributeName", name)
                json.member("AttributeValue", new[name]?.document ?? absent)
            }
        }
        return Self.resource(id)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call("sns", "Unsubscribe", ifThere: SNSTopic.missing) { $0.member("SubscriptionArn", id) }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await context.call("sns", "GetSubscriptionAttributes", ifThere: SNSTopic.missing) {
            $0.member("SubscriptionArn", id)
        }.map { _ in Self.resource(id) }
    }

    private static func resource(_ arn: String) -> PhysicalResource {
        PhysicalResource(arn, attributes: ["Arn": .string(arn)])
    }
}
