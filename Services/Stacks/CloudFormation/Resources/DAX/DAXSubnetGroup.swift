import ServiceKit
import TemplateLanguage

/// A named set of subnets.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dax-subnetgroup.html)
struct DAXSubnetGroup: ResourceType {
    let name = "AWS::DAX::SubnetGroup"

    private static let missing = "SubnetGroupNotFoundFault"

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        (properties.text("SubnetGroupName") ?? context.daxName(limit: 255)).lowercased()
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let id = planned ?? context.daxName(limit: 255)
        try await context.make("dax", "CreateSubnetGroup", unless: "SubnetGroupAlreadyExistsFault") { json in
            json.member("SubnetGroupName", id)
            json.members(properties, "Description", "SubnetIds")
        }
        return PhysicalResource(id)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await context.call("dax", "UpdateSubnetGroup") { json in
            json.member("SubnetGroupName", id)
            json.member("Description", new.text("Description") ?? "")
            json.members(new, "SubnetIds")
        }
        return PhysicalResource(id)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call("dax", "DeleteSubnetGroup", ifThere: Self.missing) { $0.member("SubnetGroupName", id) }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await context.call("dax", "DescribeSubnetGroups", ifThere: Self.missing) {
            $0.member("SubnetGroupNames", [id])
        }.map { _ in PhysicalResource(id) }
    }
}
