import ServiceKit
import TemplateLanguage

/// A table with its indexes, stream and settings.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html)
struct DynamoDBTable: ResourceType {
    let name = "AWS::DynamoDB::Table"
    let properties: Set<String>? = [
        "AttributeDefinitions", "BillingMode", "ContributorInsightsSpecification", "DeletionProtectionEnabled",
        "GlobalSecondaryIndexes", "ImportSourceSpecification", "KeySchema", "KinesisStreamSpecification",
        "LocalSecondaryIndexes", "OnDemandThroughput", "PointInTimeRecoverySpecification", "ProvisionedThroughput",
        "ResourcePolicy", "SSESpecification", "StreamSpecification", "TableClass", "TableName", "Tags",
        "TimeToLiveSpecification", "WarmThroughput",
    ]

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        properties.text("TableName") ?? context.generatedName(limit: 255)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let calls = TableCalls(name: planned ?? context.generatedName(limit: 255), context: context)
        try calls.refuseUnsupported(properties)
        if let source = properties["ImportSourceSpecification"]?.map {
            try await calls.importTable(properties, from: source)
        } else {
            try await context.make("dynamodb", "CreateTable", unless: "ResourceInUseException") { json in
                json.design(of: properties, named: calls.name, isImport: false)
            }
        }
        var table = try await calls.active()
        // What an import does not take, and what an interrupted attempt may have left open.
        if properties["ImportSourceSpecification"] != nil {
            table = try await calls.updateDesign(from: TemplateMap(), to: properties, table)
            try await calls.changeTags(from: TemplateMap(), to: properties, table)
        }
        try await calls.updateSettings(from: TemplateMap(), to: properties, table)
        return calls.resource(table, properties)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let calls = TableCalls(name: id, context: context)
        try calls.refuseUnsupported(new)
        var table = try await calls.active()
        table = try await calls.removeIndexes(to: new, table)
        table = try await calls.updateDesign(from: old, to: new, table)
        table = try await calls.addIndexes(of: new, table)
        try await calls.updateSettings(from: old, to: new, table)
        try await calls.changeTags(from: old, to: new, table)
        return calls.resource(table, new)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await TableCalls(name: id, context: context).delete()
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        let calls = TableCalls(name: id, context: context)
        return try await calls.describe().map { calls.resource($0, properties) }
    }
}

extension JSONWriter {
    /// The members of CreateTable, or of ImportTable's `TableCreationParameters`.
    mutating func design(of properties: TemplateMap, named name: String, isImport: Bool) {
        member("TableName", name)
        members(properties, "AttributeDefinitions", "KeySchema", "ProvisionedThroughput", "OnDemandThroughput")
        member("BillingMode", properties.text("BillingMode") ?? "PROVISIONED")
        let indexes = properties.maps("GlobalSecondaryIndexes").map { $0.without("ContributorInsightsSpecification") }
        if !indexes.isEmpty { member("GlobalSecondaryIndexes", indexes) }
        member("SSESpecification", properties["SSESpecification"]?.map?.renamed(["SSEEnabled": "Enabled"]))
        guard !isImport else { return }
        members(properties, "LocalSecondaryIndexes", "TableClass", "DeletionProtectionEnabled", "WarmThroughput")
        if let view = properties["StreamSpecification"]?.map?.text("StreamViewType") { stream(view: view) }
        member("Tags", properties.tags.ifAny)
    }

    /// - Parameter view: `nil` for no stream.
    mutating func stream(view: String?) {
        member("StreamSpecification") { json in
            json.object { json in
                json.member("StreamEnabled", view != nil)
                json.member("StreamViewType", view)
            }
        }
    }
}
