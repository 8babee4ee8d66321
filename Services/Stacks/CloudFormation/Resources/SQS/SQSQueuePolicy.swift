import ServiceKit
import TemplateLanguage

/// Who else may use queues.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html)
struct SQSQueuePolicy: ResourceType {
    let name = "AWS::SQS::QueuePolicy"

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? { nil }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        for queue in properties.texts("Queues") {
            try await context.call("sqs", "SetQueueAttributes") {
                Self.write(properties["PolicyDocument"]?.document ?? "", of: queue, to: &$0)
            }
        }
        return Self.resource(context.generatedName(limit: 128))
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        _ = try await create(new, planned: id, in: context)
        let kept = new.texts("Queues")
        for queue in old.texts("Queues") where !kept.contains(queue) { try await remove(from: queue, in: context) }
        return Self.resource(id)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        for queue in properties.texts("Queues") { try await remove(from: queue, in: context) }
    }

    /// There as long as one of its queues has a policy.
    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        for queue in properties.texts("Queues") {
            let reply = try await context.call("sqs", "GetQueueAttributes", ifThere: "QueueDoesNotExist") { json in
                json.member("QueueUrl", queue)
                json.member("AttributeNames", ["Policy"])
            }
            if reply?["Attributes"]?["Policy"] != nil { return Self.resource(id) }
        }
        return nil
    }

    private func remove(from queue: String, in context: ResourceContext) async throws {
        try await context.call("sqs", "SetQueueAttributes", ifThere: "QueueDoesNotExist") {
            Self.write("", of: queue, to: &$0)
        }
    }

    private static func write(_ policy: String, of queue: String, to json: inout JSONWriter) {
        json.member("QueueUrl", queue)
        json.member("Attributes", ["Policy": policy])
    }

    private static func resource(_ id: String) -> PhysicalResource {
        PhysicalResource(id, attributes: ["Id": .string(id)])
    }
}
