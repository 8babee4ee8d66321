import ServiceKit
import TemplateLanguage

/// A queue.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html)
struct SQSQueue: ResourceType {
    let name = "AWS::SQS::Queue"
    let properties: Set<String>? = Set(attributes.keys).union(["QueueName", "Tags"])

    private static let missing = "QueueDoesNotExist"
    /// The attributes there are, and what they are where nothing is said.
    private static let attributes = [
        "ContentBasedDeduplication": "false", "DeduplicationScope": "queue", "DelaySeconds": "0", "FifoQueue": "false",
        "FifoThroughputLimit": "perQueue", "KmsDataKeyReusePeriodSeconds": "300", "KmsMasterKeyId": "",
        "MaximumMessageSize": "1048576", "MessageRetentionPeriod": "345600", "ReceiveMessageWaitTimeSeconds": "0",
        "RedriveAllowPolicy": "", "RedrivePolicy": "", "SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
    ]

    /// The service's address is part of a queue's: it is known once the queue is there.
    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? { nil }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let suffix = properties.flag("FifoQueue") == true ? ".fifo" : ""
        let name = properties.text("QueueName") ?? context.generatedName(limit: 80 - suffix.utf8.count) + suffix
        if !context.isRetry {
            let there = try await context.call("sqs", "GetQueueUrl", ifThere: Self.missing) {
                $0.member("QueueName", name)
            }
            guard there == nil else {
                throw ServiceError("QueueNameExists", "A queue already exists with the name \(name).")
            }
        }
        let reply = try await context.call("sqs", "CreateQueue") { json in
            json.member("QueueName", name)
            let given = Self.attributes.keys.compactMap { name in properties[name].map { (name, $0.document) } }
            let texts = given.map { ($0.0, properties.text($0.0) ?? $0.1) }
            if !texts.isEmpty { json.member("Attributes", Dictionary(uniqueKeysWithValues: texts)) }
            if !properties.tags.values.isEmpty { json.member("tags", properties.tags.values) }
        }
        return Self.resource(reply["QueueUrl"]?.string ?? "", in: context)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let changed = Self.attributes.filter { old[$0.key] != new[$0.key] }
        if !changed.isEmpty {
            try await context.call("sqs", "SetQueueAttributes") { json in
                json.member("QueueUrl", id)
                let values = changed.map { name, absent in
                    (name, new.text(name) ?? new[name]?.document ?? absent)
                }
                json.member("Attributes", Dictionary(uniqueKeysWithValues: values))
            }
        }
        try await context.changeTags(of: id, named: "QueueUrl", from: old, to: new, "sqs", .object, suffix: "Queue")
        return Self.resource(id, in: context)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call("sqs", "DeleteQueue", ifThere: Self.missing) { $0.member("QueueUrl", id) }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await context.call("sqs", "GetQueueAttributes", ifThere: Self.missing) { $0.member("QueueUrl", id) }
            .map { _ in Self.resource(id, in: context) }
    }

    private static func resource(_ url: String, in context: ResourceContext) -> PhysicalResource {
        let name = url.split(separator: "/").last.map(String.init) ?? ""
        let arn = "arn:aws:sqs:\(context.place.region):\(context.place.account):\(name)"
        return PhysicalResource(
            url, attributes: ["Arn": .string(arn), "QueueName": .string(name), "QueueUrl": .string(url)])
    }
}
