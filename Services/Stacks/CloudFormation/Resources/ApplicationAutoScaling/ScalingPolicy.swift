import ServiceKit
import TemplateLanguage

/// When and how a target is scaled.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-applicationautoscaling-scalingpolicy.html)
struct ScalingPolicy: ResourceType {
    let name = "AWS::ApplicationAutoScaling::ScalingPolicy"
    let properties: Set<String>? = [
        "PolicyName", "PolicyType", "ResourceId", "ScalableDimension", "ScalingTargetId", "ServiceNamespace",
        "TargetTrackingScalingPolicyConfiguration",
    ]

    /// The service draws the ARN; a policy put again under its name keeps it.
    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? { nil }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let reply = try await context.call("application-autoscaling", "PutScalingPolicy") { json in
            json.members(properties, "PolicyName", "PolicyType", "TargetTrackingScalingPolicyConfiguration")
            for (name, value) in Self.target(of: properties) { json.member(name, value) }
        }
        return Self.resource(reply["PolicyARN"]?.string ?? "")
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await create(new, planned: id, in: context)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call(
            "application-autoscaling", "DeleteScalingPolicy", ifThere: "ObjectNotFoundException"
        ) { json in
            json.members(properties, "PolicyName")
            for (name, value) in Self.target(of: properties) { json.member(name, value) }
        }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        let reply = try await context.call("application-autoscaling", "DescribeScalingPolicies") { json in
            for (name, value) in Self.target(of: properties) { json.member(name, value) }
            json.member("PolicyNames", [properties.text("PolicyName") ?? ""])
        }
        return reply["ScalingPolicies"]?.elements.first { $0["PolicyARN"]?.string == id }.map { _ in Self.resource(id) }
    }

    /// Named by its parts, or by the ID of a scalable target.
    private static func target(of properties: TemplateMap) -> [String: String] {
        if let id = properties.text("ScalingTargetId") { return ScalableTarget.target(id) }
        return ["ResourceId", "ScalableDimension", "ServiceNamespace"].reduce(into: [:]) { target, name in
            target[name] = properties.text(name)
        }
    }

    private static func resource(_ arn: String) -> PhysicalResource {
        PhysicalResource(arn, attributes: ["Arn": .string(arn)])
    }
}
