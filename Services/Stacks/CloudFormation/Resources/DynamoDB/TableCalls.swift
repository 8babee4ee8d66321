import ServiceKit
import TemplateLanguage

/// What is asked of DynamoDB for one table of a template.
struct TableCalls: Sendable {
    let name: String
    let context: ResourceContext

    static let missing = "ResourceNotFoundException"

    // MARK: Looking

    func describe() async throws -> JSONValue? {
        try await context.call("dynamodb", "DescribeTable", ifThere: Self.missing) {
            $0.member("TableName", name)
        }?["Table"]
    }

    /// The table, once it and its indexes are.
    func active() async throws -> JSONValue {
        try await context.wait {
            guard let table = try await describe() else {
                throw ServiceError(Self.missing, "Requested resource not found: Table: \(name) not found")
            }
            let indexes = table["GlobalSecondaryIndexes"]?.elements.map { $0["IndexStatus"]?.string } ?? []
            let states = [table["TableStatus"]?.string] + indexes
            return states.allSatisfy { $0 == "ACTIVE" } ? table : nil
        }
    }

    func resource(_ table: JSONValue, _ properties: TemplateMap) -> PhysicalResource {
        var attributes = ["Arn": TemplateValue.string(table["TableArn"]?.string ?? "")]
        attributes["StreamArn"] = table["LatestStreamArn"]?.string.map { .string($0) }
        let promises = ["OnDemandThroughput", "WarmThroughput"].filter { name in
            properties[name] != nil || properties.maps("GlobalSecondaryIndexes").contains { $0[name] != nil }
        }
        let note = promises.isEmpty ? nil : "\(promises.joined(separator: " and ")) changes nothing here."
        return PhysicalResource(name, attributes: attributes, note: note)
    }

    func delete() async throws {
        try await context.wait {
            do {
                try await context.call("dynamodb", "DeleteTable", ifThere: Self.missing) {
                    $0.member("TableName", name)
                }
            } catch let error as ServiceError where error.code == "ResourceInUseException" {
                // It is still being made, or is going already.
            }
            return try await describe() == nil ? true : nil
        }
    }

    // MARK: Making

    /// - Throws: `ServiceError` for parts of properties that nothing here carries out.
    func refuseUnsupported(_ properties: TemplateMap) throws(ServiceError) {
        if properties["StreamSpecification"]?.map?["Tags"] != nil {
            throw ServiceError("ValidationError", "Encountered unsupported property StreamSpecification/Tags")
        }
        if let keys = properties["KeySchema"], keys.list == nil {
            throw ServiceError("ValidationError", "Encountered unsupported property KeySchema/HashKeyElement")
        }
    }

    /// Makes the table of what lies in a bucket, and waits for it.
    func importTable(_ properties: TemplateMap, from source: TemplateMap) async throws {
        if properties["LocalSecondaryIndexes"] != nil {
            throw ServiceError("ValidationError", "Encountered unsupported property LocalSecondaryIndexes")
        }
        let options = source["InputFormatOptions"]
        let reply: JSONValue
        do {
            reply = try await context.call("dynamodb", "ImportTable") { json in
                json.member("ClientToken", context.token)
                json.member("TableCreationParameters") { json in
                    json.object { $0.design(of: properties, named: name, isImport: true) }
                }
                json.members(source, "InputFormat", "InputCompressionType")
                json.member("InputFormatOptions", options)
                json.member("S3BucketSource", source["S3BucketSource"])
            }
        } catch let error as ServiceError where context.isRetry && error.code == "ResourceInUseException" {
            return
        }
        let arn = reply["ImportTableDescription"]?["ImportArn"]?.string ?? ""
        try await context.wait {
            let job = try await context.call("dynamodb", "DescribeImport") { $0.member("ImportArn", arn) }
            let description = job["ImportTableDescription"]
            switch description?["ImportStatus"]?.string {
            case "COMPLETED": return true
            case "IN_PROGRESS": return nil
            default:
                throw ServiceError(
                    description?["FailureCode"]?.string ?? "ImportFailed",
                    description?["FailureMessage"]?.string ?? "The import failed.")
            }
        }
    }

    /// Calls UpdateTable, and waits until that is done.
    @discardableResult
    func update(_ body: (inout JSONWriter) -> Void) async throws -> JSONValue {
        try await context.call("dynamodb", "UpdateTable") { json in
            json.member("TableName", name)
            body(&json)
        }
        return try await active()
    }
}
