import ServiceKit
import TemplateLanguage
import TestSupport
import Testing

@testable import CloudFormation

private let tableType = "AWS::DynamoDB::Table"
private let keySchema = #""KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]"#

private func attributes(_ names: String...) -> String {
    let all = names.map { #"{"AttributeName":"\#($0)","AttributeType":"S"}"# }
    return #""AttributeDefinitions":[\#(all.joined(separator: ","))]"#
}

private func index(_ name: String, _ key: String, more: String = "") -> String {
    #"""
    {"IndexName":"\#(name)","KeySchema":[{"AttributeName":"\#(key)","KeyType":"HASH"}],
    "Projection":{"ProjectionType":"ALL"}\#(more)}
    """#
}

private let plainTable = #"{\#(attributes("p")),\#(keySchema),"BillingMode":"PAY_PER_REQUEST"}"#
private let richTable = #"""
    {\#(attributes("p", "a")),\#(keySchema),"ProvisionedThroughput":{"ReadCapacityUnits":"5","WriteCapacityUnits":6},
    "GlobalSecondaryIndexes":[\#(index("byA", "a", more: #","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":2}"#))],
    "StreamSpecification":{"StreamViewType":"NEW_IMAGE"},"TimeToLiveSpecification":{"AttributeName":"t","Enabled":"true"},
    "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true},"TableClass":"STANDARD_INFREQUENT_ACCESS",
    "Tags":[{"Key":"a","Value":"1"}]}
    """#

@Suite("AWS::DynamoDB::Table")
struct TableResourceTests {
    private func describe(_ host: ResourceHost, _ id: String) async throws -> JSONValue {
        try #require(try await host.call("dynamodb", "DescribeTable", #"{"TableName":"\#(id)"}"#)["Table"])
    }

    /// What of a table shows whether all was done.
    private func state(_ host: ResourceHost, _ id: String) async throws -> String {
        let table = try await describe(host, id)
        let units = table["ProvisionedThroughput"]
        let indexes = table["GlobalSecondaryIndexes"]?.elements.map { index in
            let units = index["ProvisionedThroughput"]
            return "\(index["IndexName"]?.string ?? "")/\(units?["ReadCapacityUnits"]?.int64 ?? -1)"
        }
        let live = try await host.call("dynamodb", "DescribeTimeToLive", #"{"TableName":"\#(id)"}"#)
        let backups = try await host.call("dynamodb", "DescribeContinuousBackups", #"{"TableName":"\#(id)"}"#)
        let recovery = backups["ContinuousBackupsDescription"]?["PointInTimeRecoveryDescription"]
        let arn = table["TableArn"]?.string ?? ""
        let tags = try await host.call("dynamodb", "ListTagsOfResource", #"{"ResourceArn":"\#(arn)"}"#)["Tags"]
        let parts: [String?] = [
            table["BillingModeSummary"]?["BillingMode"]?.string, units?["ReadCapacityUnits"]?.numberText,
            units?["WriteCapacityUnits"]?.numberText, indexes?.sorted().joined(separator: "+"),
            table["StreamSpecification"]?["StreamViewType"]?.string,
            live["TimeToLiveDescription"]?["AttributeName"]?.string,
            recovery?["PointInTimeRecoveryStatus"]?.string, table["TableClassSummary"]?["TableClass"]?.string,
            table["DeletionProtectionEnabled"]?.bool == true ? "protected" : nil,
            tags?.elements.map { "\($0["Key"]?.string ?? "")=\($0["Value"]?.string ?? "")" }.joined(separator: "+"),
        ]
        return parts.map { $0 ?? "-" }.joined(separator: " ")
    }

    @Test("is made with all it can have")
    func creates() async throws {
        try await ResourceHost.with { host in
            let made = try await host.create(tableType, richTable)
            #expect(made.id == "my-stack-Thing-A1B2C3D4E5F6")
            let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/\(made.id)"
            #expect(made.attributes["Arn"] == .string(arn))
            #expect(made.attributes["StreamArn"]?.text?.hasPrefix("\(arn)/stream/") == true)
            #expect(
                try await state(host, made.id)
                    == "- 5 6 byA/1 NEW_IMAGE t ENABLED STANDARD_INFREQUENT_ACCESS - a=1")
        }
    }

    @Test("survives a crash at any call of its creation", arguments: [plainTable, richTable])
    func crashes(_ properties: String) async throws {
        // The stream of each attempt is another one.
        let steady = properties.replacing(#""StreamSpecification":{"StreamViewType":"NEW_IMAGE"},"#, with: "")
        try await ResourceHost.with { try await $0.survivesCrashes(tableType, steady) }
    }

    @Test("has its indexes changed one a call, and the rest in one")
    func indexes() async throws {
        try await ResourceHost.with { host in
            let old = #"""
                {\#(attributes("p", "a", "b")),\#(keySchema),"BillingMode":"PAY_PER_REQUEST",
                "GlobalSecondaryIndexes":[\#(index("byA", "a")),\#(index("byB", "b"))]}
                """#
            let id = try await host.create(tableType, old).id
            let new = #"""
                {\#(attributes("p", "a", "c", "d")),\#(keySchema),"BillingMode":"PAY_PER_REQUEST",
                "DeletionProtectionEnabled":true,"TableClass":"STANDARD_INFREQUENT_ACCESS",
                "GlobalSecondaryIndexes":[\#(index("byA", "c")),\#(index("byD", "d"))]}
                """#
            let calls = Calls()
            _ = try await host.update(tableType, id, from: old, to: new, in: host.context(calls: calls))
            // The settings; byA and byB go; byA with another key and byD come.
            #expect(calls.changes == Array(repeating: "dynamodb:UpdateTable", count: 5))
            #expect(
                try await state(host, id)
                    == "PAY_PER_REQUEST 0 0 byA/0+byD/0 - - DISABLED STANDARD_INFREQUENT_ACCESS protected ")
            let error = await #expect(throws: ServiceError.self) {
                try await host.type(tableType).delete(id, template(new), in: host.context())
            }
            #expect(error?.code == "ValidationException")
        }
    }

    @Test("survives a crash at any call of a change")
    func changes() async throws {
        let new = #"""
            {\#(attributes("p", "b")),\#(keySchema),"BillingMode":"PAY_PER_REQUEST",
            "GlobalSecondaryIndexes":[\#(index("byB", "b"))],"StreamSpecification":{"StreamViewType":"OLD_IMAGE"},
            "TimeToLiveSpecification":{"AttributeName":"u","Enabled":true},
            "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":false},
            "ResourcePolicy":{"PolicyDocument":{"Version":"2012-10-17","Statement":[]}},"Tags":[{"Key":"b","Value":"2"}]}
            """#
        try await ResourceHost.with { host in
            try await host.changeSurvivesCrashes(tableType, from: richTable, to: new) { try await state(host, $0) }
            let id = try await host.create(tableType, richTable).id
            _ = try await host.update(tableType, id, from: richTable, to: new)
            #expect(try await state(host, id) == "PAY_PER_REQUEST 0 0 byB/0 OLD_IMAGE u DISABLED STANDARD - b=2")
            _ = try await host.update(tableType, id, from: new, to: richTable)
            #expect(
                try await state(host, id)
                    == "- 5 6 byA/1 NEW_IMAGE t ENABLED STANDARD_INFREQUENT_ACCESS - a=1")
        }
    }

    @Test("keeps capacity that something else scaled while the template says the same")
    func scaled() async throws {
        try await ResourceHost.with { host in
            let units = #""ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}"#
            let old = "{\(attributes("p")),\(keySchema),\(units)}"
            let id = try await host.create(tableType, old).id
            try await host.call(
                "dynamodb", "UpdateTable",
                #"{"TableName":"\#(id)","ProvisionedThroughput":{"ReadCapacityUnits":9,"WriteCapacityUnits":1}}"#)
            let new = #"{\#(attributes("p")),\#(keySchema),\#(units),"DeletionProtectionEnabled":true}"#
            _ = try await host.update(tableType, id, from: old, to: new)
            #expect(try await state(host, id).hasPrefix("- 9 1") == true)
        }
    }

    @Test("refuses what is not carried out, and says what changes nothing")
    func refusals() async throws {
        try await ResourceHost.with { host in
            let vectors = await #expect(throws: ServiceError.self) {
                try await host.type(tableType).create(
                    template(#"{\#(keySchema),"VectorIndexes":[]}"#), planned: "t", in: host.context())
            }
            #expect(vectors?.message == "Encountered unsupported property VectorIndexes")
            let insights = await #expect(throws: ServiceError.self) {
                try await host.create(
                    tableType,
                    #"""
                    {\#(attributes("p")),\#(keySchema),"BillingMode":"PAY_PER_REQUEST","TableName":"seen",
                    "ContributorInsightsSpecification":{"Enabled":true}}
                    """#)
            }
            #expect(insights?.message.contains("Contributor Insights is not implemented") == true)
            let warm = try await host.create(
                tableType,
                #"""
                {\#(attributes("p")),\#(keySchema),"BillingMode":"PAY_PER_REQUEST","TableName":"warm",
                "WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000}}
                """#)
            #expect(warm.note == "WarmThroughput changes nothing here.")
        }
    }
}
