import ServiceKit
import TestSupport
import Testing

@testable import KMS

/// Who may do what with a key: its policy, identities' policies, grants.
@Suite struct AccessTests {
    private let ann = KMSCalls.user("ann")
    private let bob = KMSCalls.user("bob")

    @Test("The default policy lets the account hand on by identity policies")
    func delegation() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let encrypt = #"{"KeyId":"\#(key)","Plaintext":"aGVsbG8="}"#
            #expect(try await kms.code("Encrypt", encrypt, as: ann) == "AccessDeniedException")
            try kms.identities.give(ann, "kms:Encrypt")
            #expect(try await kms.code("Encrypt", encrypt, as: ann) == nil)
            #expect(try await kms.code("DescribeKey", #"{"KeyId":"\#(key)"}"#, as: ann) == "AccessDeniedException")
        }
    }

    @Test("Without the key policy's word for the account neither identity policies nor root count")
    func policyDecides() async throws {
        try await KMSCalls.with { kms in
            let only =
                #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"\#(bob.arn)"},"Action":"kms:*","Resource":"*"}}"#
            let key = try await kms.key(
                #""Policy":\#(KMSCalls.quoted(only)),"BypassPolicyLockoutSafetyCheck":true"#)
            try kms.identities.give(ann, "kms:*")
            let encrypt = #"{"KeyId":"\#(key)","Plaintext":"aGVsbG8="}"#
            #expect(try await kms.code("Encrypt", encrypt, as: ann) == "AccessDeniedException")
            #expect(try await kms.code("Encrypt", encrypt) == "AccessDeniedException")
            #expect(try await kms.code("Encrypt", encrypt, as: bob) == nil)
            try kms.identities.give(bob, "kms:Encrypt", effect: "Deny")
            #expect(try await kms.code("Encrypt", encrypt, as: bob) == "AccessDeniedException")
        }
    }

    @Test("Nobody locks themselves out unless they say so")
    func lockout() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let policy = KMSCalls.quoted(
                #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"\#(bob.arn)"},"Action":"kms:*","Resource":"*"}}"#
            )
            #expect(
                try await kms.code("PutKeyPolicy", #"{"KeyId":"\#(key)","Policy":\#(policy)}"#)
                    == "MalformedPolicyDocumentException")
            #expect(
                try await kms.code("PutKeyPolicy", #"{"KeyId":"\#(key)","Policy":"{}"}"#)
                    == "MalformedPolicyDocumentException")
            try await kms(
                "PutKeyPolicy", #"{"KeyId":"\#(key)","Policy":\#(policy),"BypassPolicyLockoutSafetyCheck":true}"#)
            #expect(try await kms.code("GetKeyPolicy", #"{"KeyId":"\#(key)"}"#) == "AccessDeniedException")
            let answer = try await kms("GetKeyPolicy", #"{"KeyId":"\#(key)"}"#, as: bob)
            #expect(answer["Policy"]?.string?.contains(bob.arn) == true)
        }
    }

    @Test("Another account needs the key policy's word and its own")
    func crossAccount() async throws {
        try await KMSCalls.with { kms in
            let stranger = KMSCalls.user("eve", account: "222222222222")
            let key = try await kms.key(
                with: #"{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"kms:Encrypt","Resource":"*"}"#)
            let arn = "arn:aws:kms:us-east-1:\(KMSCalls.account):key/\(key)"
            let encrypt = #"{"KeyId":"\#(arn)","Plaintext":"aGVsbG8="}"#
            #expect(try await kms.code("Encrypt", encrypt, as: stranger) == "AccessDeniedException")
            try kms.identities.give(stranger, "kms:*")
            #expect(try await kms.code("Encrypt", encrypt, as: stranger) == nil)
            #expect(try await kms.code("DescribeKey", #"{"KeyId":"\#(arn)"}"#, as: stranger) == "AccessDeniedException")
        }
    }

    @Test("Conditions on the encryption context hold")
    func conditions() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key(
                with:
                    #"{"Effect":"Allow","Principal":{"AWS":"\#(ann.arn)"},"Action":"kms:Encrypt","Resource":"*","Condition":{"StringEquals":{"kms:EncryptionContext:app":"blue"}}}"#
            )
            let message = #""KeyId":"\#(key)","Plaintext":"aGVsbG8=""#
            #expect(
                try await kms.code("Encrypt", #"{\#(message),"EncryptionContext":{"app":"blue"}}"#, as: ann) == nil)
            for other in [#","EncryptionContext":{"app":"red"}"#, ""] {
                #expect(try await kms.code("Encrypt", "{\(message)\(other)}", as: ann) == "AccessDeniedException")
            }
        }
    }

    @Test("A service's own key is for the account's people through that service only")
    func managedKey() async throws {
        try await KMSCalls.with { kms in
            let described = try await kms("DescribeKey", #"{"KeyId":"alias/aws/s3"}"#)
            #expect(described["KeyMetadata"]?["KeyManager"]?.string == "AWS")
            let generate = #"{"KeyId":"alias/aws/s3","KeySpec":"AES_256"}"#
            #expect(try await kms.code("GenerateDataKey", generate, as: ann) == "AccessDeniedException")
            #expect(try await kms.code("GenerateDataKey", generate) == "AccessDeniedException")
            var through = ann
            through.context["kms:ViaService"] = ["s3.us-east-1.amazonaws.com"]
            #expect(try await kms.code("GenerateDataKey", generate, as: through) == nil)
            through.context["kms:ViaService"] = ["sqs.us-east-1.amazonaws.com"]
            #expect(try await kms.code("GenerateDataKey", generate, as: through) == "AccessDeniedException")
            let id = try #require(described["KeyMetadata"]?["KeyId"]?.string)
            #expect(try await kms.code("ScheduleKeyDeletion", #"{"KeyId":"\#(id)"}"#) == "AccessDeniedException")
        }
    }

    @Test("A grant lets in whom it names, for what it names, in the context it names, until it ends")
    func grants() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let ciphertext = try await kms.encrypt("hello", key, #","EncryptionContext":{"a":"1","b":"2"}"#)
            let open = #"{"CiphertextBlob":"\#(ciphertext)","EncryptionContext":{"a":"1","b":"2"}}"#
            #expect(try await kms.code("Decrypt", open, as: ann) == "AccessDeniedException")
            let grant = try await kms(
                "CreateGrant",
                #"{"KeyId":"\#(key)","GranteePrincipal":"\#(ann.arn)","RetiringPrincipal":"\#(bob.arn)","Operations":["Decrypt"],"Constraints":{"EncryptionContextSubset":{"a":"1"}}}"#
            )
            #expect(try await kms.code("Decrypt", open, as: ann) == nil)
            #expect(try await kms.code("Decrypt", open, as: bob) == "AccessDeniedException")
            let other = try await kms.encrypt("hello", key, #","EncryptionContext":{"a":"2"}"#)
            #expect(
                try await kms.code(
                    "Decrypt", #"{"CiphertextBlob":"\#(other)","EncryptionContext":{"a":"2"}}"#, as: ann)
                    == "AccessDeniedException")
            let listed = try await kms("ListGrants", #"{"KeyId":"\#(key)"}"#)["Grants"]?.elements
            #expect(listed.map { Array($0).count } == 1)
            let token = try #require(grant["GrantToken"]?.string)
            #expect(try await kms.code("RetireGrant", #"{"GrantToken":"\#(token)"}"#, as: ann) != nil)
            #expect(try await kms.code("RetireGrant", #"{"GrantToken":"\#(token)"}"#, as: bob) == nil)
            #expect(try await kms.code("Decrypt", open, as: ann) == "AccessDeniedException")
        }
    }

    @Test("An explicit denial is stronger than a grant, and a grant hands on no more than it is")
    func grantLimits() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            func grant(_ who: Caller, _ operations: String, as caller: Caller) async throws -> String? {
                try await kms.code(
                    "CreateGrant",
                    #"{"KeyId":"\#(key)","GranteePrincipal":"\#(who.arn)","Operations":[\#(operations)]}"#, as: caller)
            }
            #expect(try await grant(ann, #""Encrypt","CreateGrant""#, as: .root(of: KMSCalls.account)) == nil)
            #expect(try await grant(bob, #""Decrypt""#, as: ann) == "AccessDeniedException")
            #expect(try await grant(bob, #""Encrypt""#, as: ann) == nil)
            #expect(try await grant(bob, #""Sign""#, as: .root(of: KMSCalls.account)) == "ValidationException")
            let encrypt = #"{"KeyId":"\#(key)","Plaintext":"aGVsbG8="}"#
            #expect(try await kms.code("Encrypt", encrypt, as: bob) == nil)
            try kms.identities.give(bob, "kms:Encrypt", effect: "Deny")
            #expect(try await kms.code("Encrypt", encrypt, as: bob) == "AccessDeniedException")
        }
    }

    @Test("Nothing is done in a dry run, and permissions count in it")
    func dryRun() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let encrypt = #"{"KeyId":"\#(key)","Plaintext":"aGVsbG8=","DryRun":true}"#
            #expect(try await kms.code("Encrypt", encrypt) == "DryRunOperationException")
            #expect(try await kms.code("Encrypt", encrypt, as: ann) == "AccessDeniedException")
        }
    }
}
