import KMS
import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

/// Tables under keys of KMS, with a KMS on the bus that enforces policies.
@Suite("Keys of tables", .serialized)
struct TableKeyTests {
    private static let account = TestHost.account
    private static let ann = Caller(
        .user, account: account, arn: "arn:aws:iam::\(account):user/ann", userID: "AIDAANN")

    private struct NoPolicies: PolicySource {
        func policies(of principal: String) async throws -> IdentityPolicies { IdentityPolicies() }
    }

    /// DynamoDB lets everybody do everything, so that what is refused is refused by KMS.
    private func with(_ body: (DynamoDBHost, TestHost) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let policies = PolicyAuthorizer(source: NoPolicies())
            try await TestHost.with(
                "auth", folder: folder, authorizer: policies, { [try KMS.service(on: $0)] },
                run: { auth -> Void in
                    try auth.serve()
                    try await DynamoDBHost.with(folder: folder) { db -> Void in try await body(db, auth) }
                })
        }
    }

    private func makeKey(_ kms: TestHost, in region: String? = nil, _ input: String = "{}") async throws -> String {
        try #require(try await kms.call("kms", "CreateKey", input, in: region)["KeyMetadata"]?["Arn"]?.string)
    }

    private static func specification(_ key: String) -> String {
        #","SSESpecification":{"Enabled":true,"SSEType":"KMS","KMSMasterKeyId":"\#(key)"}"#
    }

    private func described(_ db: DynamoDBHost) async throws -> JSONValue {
        try #require(
            try JSONDocument(Array(try await db.call("DescribeTable", #"{"TableName":"table"}"#).utf8)).root["Table"])
    }

    private func watch(_ db: DynamoDBHost) async throws {
        try await KeyWatch(tables: db.tables, keys: TableKeys(client: db.host.host.client)).run(at: db.clock.now)
    }

    @Test("are described by their ARN, whether they are named by it, by an identifier, an alias, or not at all")
    func description() async throws {
        try await with { db, kms in
            let key = try await makeKey(kms)
            try await kms.call("kms", "CreateAlias", #"{"AliasName":"alias/mine","TargetKeyId":"\#(key)"}"#)
            for name in [key, String(key.suffix(36)), "alias/mine"] {
                try await db.createTable(more: Self.specification(name))
                let table = try await described(db)
                #expect(table["SSEDescription"]?["KMSMasterKeyArn"]?.string == key)
                #expect(table["SSEDescription"]?["Status"]?.string == "ENABLED")
                #expect(table["SSEDescription"]?["SSEType"]?.string == "KMS")
                try await db.call("DeleteTable", #"{"TableName":"table"}"#)
            }
            try await db.createTable(more: #","SSESpecification":{"Enabled":true}"#)
            let managed = try #require(try await described(db)["SSEDescription"]?["KMSMasterKeyArn"]?.string)
            let metadata = try await kms.call("kms", "DescribeKey", #"{"KeyId":"alias/aws/dynamodb"}"#)
            #expect(metadata["KeyMetadata"]?["Arn"]?.string == managed)
            try await db.createTable("plain")
            #expect(try await !db.call("DescribeTable", #"{"TableName":"plain"}"#).contains("SSEDescription"))
            // One grant serves all tables of a key.
            let grants = try await kms.call("kms", "ListGrants", #"{"KeyId":"\#(key)"}"#)
            #expect(grants["Grants"].map { Array($0.elements).count } == 1)
        }
    }

    @Test(
        "must be there, enabled, symmetric, of the table's region and the caller's to use; no table is made otherwise")
    func refusals() async throws {
        try await with { db, kms in
            let disabled = try await makeKey(kms)
            try await kms.call("kms", "DisableKey", #"{"KeyId":"\#(disabled)"}"#)
            let signing = try await makeKey(kms, #"{"KeySpec":"RSA_2048","KeyUsage":"SIGN_VERIFY"}"#)
            let far = try await makeKey(kms, in: "eu-west-1")
            for key in [disabled, signing, far, "alias/none", "12345678-1234-1234-1234-123456789012"] {
                let fault = try await createError(db, Self.specification(key))
                #expect(fault.hasPrefix("ValidationException: One or more parameter values were invalid: "))
            }
            let mine = try await makeKey(kms)
            #expect(try await createError(db, Self.specification(mine), as: Self.ann).hasPrefix("AccessDenied"))
            for contradiction in [#""Enabled":true,"SSEType":"AES256""#, #""SSEType":"KMS""#, #""KMSMasterKeyId":"x""#]
            {
                let fault = try await createError(db, #","SSESpecification":{\#(contradiction)}"#)
                #expect(fault.hasPrefix("ValidationException: One or more parameter values were invalid: "))
            }
            #expect(try await db.call("ListTables") == #"{"TableNames":[]}"#)
        }
    }

    private func createError(_ db: DynamoDBHost, _ more: String, as caller: Caller? = nil) async throws -> String {
        try await db.error(
            "CreateTable",
            """
            {"TableName":"table","BillingMode":"PAY_PER_REQUEST",\
            "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],\
            "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]\(more)}
            """, as: caller)
    }

    @Test("shut their tables while they are disabled, on their way out, or the grant for them is revoked")
    func inaccessible() async throws {
        try await with { db, kms in
            let key = try await makeKey(kms)
            try await db.createTable(more: Self.specification(key))
            try await db.put(#"{"p":{"S":"a"}}"#)
            let shut = ["DisableKey": "EnableKey", "ScheduleKeyDeletion": "CancelKeyDeletion"]
            for (shutting, opening) in shut {
                try await kms.call("kms", shutting, #"{"KeyId":"\#(key)"}"#)
                try await watch(db)
                try await expectShut(db)
                try await kms.call("kms", opening, #"{"KeyId":"\#(key)"}"#)
                if opening == "CancelKeyDeletion" { try await kms.call("kms", "EnableKey", #"{"KeyId":"\#(key)"}"#) }
                try await watch(db)
                #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"}}"#)
                let table = try await described(db)
                #expect(table["TableStatus"]?.string == "ACTIVE")
                #expect(table["SSEDescription"]?["InaccessibleEncryptionDateTime"] == nil)
            }
            let grants = try await kms.call("kms", "ListGrants", #"{"KeyId":"\#(key)"}"#)["Grants"]
            let grant = try #require(grants?.elements.first { _ in true }?["GrantId"]?.string)
            try await kms.call("kms", "RevokeGrant", #"{"KeyId":"\#(key)","GrantId":"\#(grant)"}"#)
            try await watch(db)
            try await expectShut(db)
            // Another key lets it be used again.
            let update = #"{"TableName":"table"\#(Self.specification(try await makeKey(kms)))}"#
            try await db.call("UpdateTable", update)
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"}}"#)
        }
    }

    private func expectShut(_ db: DynamoDBHost) async throws {
        for (operation, more) in [
            ("GetItem", #","Key":{"p":{"S":"a"}}"#), ("PutItem", #","Item":{"p":{"S":"b"}}"#), ("Scan", ""),
            ("CreateBackup", #","BackupName":"backup""#),
        ] {
            let fault = try await db.error(operation, #"{"TableName":"table"\#(more)}"#)
            #expect(fault.hasPrefix("AccessDeniedException: KMS key access denied error"), "\(operation)")
        }
        let table = try await described(db)
        #expect(table["TableStatus"]?.string == "INACCESSIBLE_ENCRYPTION_CREDENTIALS")
        #expect(table["SSEDescription"]?["InaccessibleEncryptionDateTime"] != nil)
    }

    @Test("are changed and taken away by UpdateTable, and stay with backups and what is restored of them")
    func changes() async throws {
        try await with { db, kms in
            try await db.createTable()
            let invalid = "ValidationException: One or more parameter values were invalid: "
            #expect(
                try await db.error("UpdateTable", #"{"TableName":"table","SSESpecification":{"Enabled":false}}"#)
                    == invalid + "Table is already encrypted by default")
            let key = try await makeKey(kms)
            let update = #"{"TableName":"table"\#(Self.specification(key))}"#
            try await db.call("UpdateTable", update)
            #expect(try await described(db)["SSEDescription"]?["KMSMasterKeyArn"]?.string == key)
            #expect(
                try await db.error("UpdateTable", update)
                    == invalid + "Table is already encrypted by given KMSMasterKeyId")
            let backup = try await db.host.call(
                "dynamodb", "CreateBackup", #"{"TableName":"table","BackupName":"backup"}"#)
            let arn = try #require(backup["BackupDetails"]?["BackupArn"]?.string)
            #expect(try await db.call("DescribeBackup", #"{"BackupArn":"\#(arn)"}"#).contains(key))
            let restored = try await db.call(
                "RestoreTableFromBackup", #"{"TargetTableName":"same","BackupArn":"\#(arn)"}"#)
            #expect(restored.contains(key))
            let override = #","SSESpecificationOverride":{"Enabled":false}"#
            let plain = try await db.call(
                "RestoreTableFromBackup", #"{"TargetTableName":"plain","BackupArn":"\#(arn)"\#(override)}"#)
            #expect(!plain.contains("SSEDescription"))
            try await db.call("UpdateTable", #"{"TableName":"table","SSESpecification":{"Enabled":false}}"#)
            #expect(try await described(db)["SSEDescription"] == nil)
        }
    }

    @Test("of replicas are each of their own region; a replica whose key cannot be used is shut, and catches up later")
    func replicas() async throws {
        try await with { db, kms in
            let europe = db.at("eu-west-1")
            let here = try await makeKey(kms)
            let there = try await makeKey(kms, in: "eu-west-1")
            try await db.createTable(more: Self.specification(here))
            let missing =
                "ValidationException: One or more parameter values were invalid: "
                + "KMSMasterKeyId must be specified for each replica."
            #expect(try await db.error("UpdateTable", GlobalTableTests.change("Create", "eu-west-1")) == missing)
            try await db.call(
                "UpdateTable",
                GlobalTableTests.change("Create", "eu-west-1", more: #","KMSMasterKeyId":"\#(there)""#))
            try await db.settleReplicas()
            #expect(try await replica(db) == "eu-west-1 ACTIVE \(there)")
            #expect(try await replica(europe) == "us-east-1 ACTIVE \(here)")
            #expect(try await described(europe)["SSEDescription"]?["KMSMasterKeyArn"]?.string == there)
            try await kms.call("kms", "DisableKey", #"{"KeyId":"\#(there)"}"#, in: "eu-west-1")
            try await watch(db)
            try await db.put(#"{"p":{"S":"a"}}"#)
            try await db.settleReplicas()
            #expect(try await replica(db) == "eu-west-1 INACCESSIBLE_ENCRYPTION_CREDENTIALS \(there)")
            #expect(try await europe.error("Scan", #"{"TableName":"table"}"#).hasPrefix("AccessDeniedException"))
            try await kms.call("kms", "EnableKey", #"{"KeyId":"\#(there)"}"#, in: "eu-west-1")
            try await watch(db)
            try await db.settleReplicas()
            #expect(try await europe.item(#"{"p":{"S":"a"}}"#).contains(#""p":{"S":"a"}"#))
            // Keys are changed for all at once, or for none.
            let next = try await makeKey(kms)
            #expect(
                try await db.error("UpdateTable", #"{"TableName":"table"\#(Self.specification(next))}"#) == missing)
            let update = #"{"Update":{"RegionName":"eu-west-1","KMSMasterKeyId":"\#(there)"}}"#
            #expect(
                try await db.error("UpdateTable", #"{"TableName":"table","ReplicaUpdates":[\#(update)]}"#) == missing)
            try await db.call(
                "UpdateTable", #"{"TableName":"table"\#(Self.specification(next)),"ReplicaUpdates":[\#(update)]}"#)
            #expect(try await replica(europe) == "us-east-1 ACTIVE \(next)")
        }
    }

    /// Region, status and key of the other replica.
    private func replica(_ db: DynamoDBHost) async throws -> String {
        let replica = try #require(try await described(db)["Replicas"]?.elements.first { _ in true })
        return ["RegionName", "ReplicaStatus", "KMSMasterKeyId"].map { replica[$0]?.string ?? "" }
            .joined(separator: " ")
    }
}
