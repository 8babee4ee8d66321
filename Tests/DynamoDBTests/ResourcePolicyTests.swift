import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Policies of tables")
struct ResourcePolicyTests {
    private static let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/table"

    private static func policy(_ effect: String, _ action: String) -> String {
        #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"\#(effect)\",\"Principal\":\"*\",\"Action\":\"\#(action)\",\"Resource\":\"\#(arn)\"}]}"#
    }

    private static func put(_ policy: String, more: String = "") -> String {
        #"{"ResourceArn":"\#(arn)","Policy":"\#(policy)"\#(more)}"#
    }

    @Test("are kept, answered as they came, and taken away again, over a restart")
    func lifecycle() async throws {
        try await TemporaryFolder.with { folder in
            let named = #"{"ResourceArn":"\#(Self.arn)"}"#
            try await DynamoDBHost.with(folder: folder) { db in
                try await db.createTable()
                #expect(try await db.error("GetResourcePolicy", named).hasPrefix("PolicyNotFoundException: "))
                try await db.call("PutResourcePolicy", Self.put(Self.policy("Allow", "dynamodb:GetItem")))
            }
            try await DynamoDBHost.with(folder: folder) { db in
                let kept = try await db.host.call("dynamodb", "GetResourcePolicy", named)
                let revision = try #require(kept["RevisionId"]?.string)
                #expect(kept["Policy"]?.string?.contains("dynamodb:GetItem") == true)
                for (expected, detail) in [
                    (
                        "other",
                        "Requested update for policy with revision id other, but the policy associated to target table "
                            + "table has revision id \(revision)."
                    ),
                    (
                        "NO_POLICY",
                        "Requested policy update expecting none to be present for table table, but a policy exists with "
                            + "revision id \(revision)."
                    ),
                ] {
                    let put = Self.put(Self.policy("Allow", "*"), more: #","ExpectedRevisionId":"\#(expected)""#)
                    #expect(
                        try await db.error("PutResourcePolicy", put)
                            == "PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: "
                            + detail)
                }
                let again = try await db.host.call("dynamodb", "PutResourcePolicy", Self.put(Self.policy("Allow", "*")))
                let later = try #require(again["RevisionId"]?.string)
                #expect(later.count == revision.count && later > revision)
                #expect(
                    try await db.call("DeleteResourcePolicy", named) == #"{"RevisionId":"\#(later)"}"#)
                #expect(try await db.error("GetResourcePolicy", named).hasPrefix("PolicyNotFoundException: "))
                #expect(
                    try await db.error("GetResourcePolicy", named.replacing("table/table", with: "table/none"))
                        == "ResourceNotFoundException: Requested resource not found: Table: none not found")
            }
        }
    }

    @Test("are refused where they are no policies")
    func malformed() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            #expect(
                try await db.error("PutResourcePolicy", Self.put("nonsense"))
                    .hasPrefix("ValidationException: Invalid policy document:"))
        }
    }

    @Test("are asked for every operation on the table")
    func enforced() async throws {
        let authorizer = RecordingAuthorizer()
        try await DynamoDBHost.with(authorizer: authorizer) { db in
            try await db.createTable()
            try await db.call("PutResourcePolicy", Self.put(Self.policy("Deny", "dynamodb:*")))
            try await db.put(#"{"p":{"S":"a"}}"#)
            try await db.call("DescribeTable", #"{"TableName":"table"}"#)
            try await db.call("ExecuteStatement", #"{"Statement":"SELECT * FROM \"table\""}"#)
            try await db.call("ListTagsOfResource", #"{"ResourceArn":"\#(Self.arn)"}"#)
            #expect(
                authorizer.seen.suffix(4) == [
                    "dynamodb:PutItem on \(Self.arn) with policy", "dynamodb:DescribeTable on \(Self.arn) with policy",
                    "dynamodb:PartiQLSelect on \(Self.arn) with policy",
                    "dynamodb:ListTagsOfResource on \(Self.arn) with policy",
                ])
        }
    }
}
