import ServiceKit
import TemplateLanguage

/// A group of log streams.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html)
struct LogGroup: ResourceType {
    let name = "AWS::Logs::LogGroup"
    let properties: Set<String>? = ["LogGroupName", "RetentionInDays", "Tags"]

    private static let missing = "ResourceNotFoundException"

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        properties.text("LogGroupName") ?? context.generatedName(limit: 512)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let id = planned ?? context.generatedName(limit: 512)
        try await context.make("logs", "CreateLogGroup", unless: "ResourceAlreadyExistsException") { json in
            json.member("logGroupName", id)
            if !properties.tags.values.isEmpty { json.member("tags", properties.tags.values) }
        }
        try await setRetention(of: id, properties, in: context)
        return Self.resource(id, in: context)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        if old["RetentionInDays"] != new["RetentionInDays"] {
            if new["RetentionInDays"] == nil {
                try await context.call("logs", "DeleteRetentionPolicy") { $0.member("logGroupName", id) }
            }
            try await setRetention(of: id, new, in: context)
        }
        let arn = "arn:aws:logs:\(context.place.region):\(context.place.account):log-group:\(id)"
        try await context.changeTags(of: arn, named: "resourceArn", from: old, to: new, "logs", .lowercased)
        return Self.resource(id, in: context)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call("logs", "DeleteLogGroup", ifThere: Self.missing) { $0.member("logGroupName", id) }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        let reply = try await context.call("logs", "DescribeLogGroups") { $0.member("logGroupNamePrefix", id) }
        // A name is the first of those that begin with it.
        return reply["logGroups"]?.elements.first { $0["logGroupName"]?.string == id }.map { _ in
            Self.resource(id, in: context)
        }
    }

    private func setRetention(
        of id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws {
        guard let days = properties["RetentionInDays"] else { return }
        try await context.call("logs", "PutRetentionPolicy") { json in
            json.member("logGroupName", id)
            json.member("retentionInDays", days)
        }
    }

    private static func resource(_ id: String, in context: ResourceContext) -> PhysicalResource {
        let arn = "arn:aws:logs:\(context.place.region):\(context.place.account):log-group:\(id):*"
        return PhysicalResource(id, attributes: ["Arn": .string(arn)])
    }
}
