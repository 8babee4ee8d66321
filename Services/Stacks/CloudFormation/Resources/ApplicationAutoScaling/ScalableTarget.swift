import ServiceKit
import TemplateLanguage

/// What is scaled, and how far.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-applicationautoscaling-scalabletarget.html)
struct ScalableTarget: ResourceType {
    let name = "AWS::ApplicationAutoScaling::ScalableTarget"
    let properties: Set<String>? = [
        "MaxCapacity", "MinCapacity", "ResourceId", "RoleARN", "ScalableDimension", "ServiceNamespace",
        "SuspendedState",
    ]

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        Self.keys.map { properties.text($0) ?? "" }.joined(separator: "|")
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await context.call("application-autoscaling", "RegisterScalableTarget") { json in
            for entry in properties.entries { json.member(entry.name, entry.value) }
        }
        return Self.resource(planned ?? "")
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await create(new, planned: id, in: context)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call(
            "application-autoscaling", "DeregisterScalableTarget", ifThere: "ObjectNotFoundException"
        ) { json in
            for (name, value) in Self.target(id) { json.member(name, value) }
        }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        let target = Self.target(id)
        let reply = try await context.call("application-autoscaling", "DescribeScalableTargets") { json in
            json.member("ServiceNamespace", target["ServiceNamespace"])
            json.member("ScalableDimension", target["ScalableDimension"])
            json.member("ResourceIds", [target["ResourceId"] ?? ""])
        }
        return reply["ScalableTargets"]?.elements.first { _ in true }.map { _ in Self.resource(id) }
    }

    private static let keys = ["ResourceId", "ScalableDimension", "ServiceNamespace"]

    /// The parts of an ID: `table/songs|dynamodb:table:ReadCapacityUnits|dynamodb`.
    static func target(_ id: String) -> [String: String] {
        let parts = id.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        return Dictionary(zip(keys, parts), uniquingKeysWith: { $1 })
    }

    private static func resource(_ id: String) -> PhysicalResource {
        PhysicalResource(id, attributes: ["Id": .string(id)])
    }
}
