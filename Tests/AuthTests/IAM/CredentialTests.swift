import Crypto
import IAM
import ServiceKit
import TestSupport
import Testing

@Suite("Credentials")
struct CredentialTests {
    @Test("The root key is made at first start, resolves to root and stays")
    func root() async throws {
        try await TemporaryFolder.with { folder in
            var key = ""
            try await AuthCalls.with(folder: folder) { calls in
                let root = try RootCredentials(in: folder)
                key = root.accessKeyID
                #expect(try await calls.caller(key).kind == .root)
                let answer = try await calls.resolve(key)
                let signing = try #require(answer["SigningKey"]?.string)
                // SigV4's derivation, written out.
                var derived = Array("AWS4\(root.secretAccessKey)".utf8)
                for part in ["20261121", "us-east-1", "s3", "aws4_request"] {
                    derived = HMAC.sha256(key: derived, part)
                }
                #expect(signing == Base64.string(derived))
            }
            try await AuthCalls.with(folder: folder) { calls in
                let again = try RootCredentials(in: folder)
                #expect(again.accessKeyID == key)
                #expect(try await calls.caller(key).account == AuthCalls.account)
            }
        }
    }

    @Test("A user's key resolves to the user until it is switched off or deleted")
    func accessKeys() async throws {
        try await AuthCalls.with { calls in
            let user = try await calls.createUser("ann")
            try await calls.iam("TagUser", #"{"UserName":"ann","Tags":[{"Key":"team","Value":"red"}]}"#)
            let key = try await calls.iam("CreateAccessKey", #"{"UserName":"ann"}"#)["AccessKey"]
            let id = try #require(key?["AccessKeyId"]?.string)
            #expect(key?["SecretAccessKey"]?.string?.count == 40)
            let caller = try await calls.caller(id)
            #expect(caller.arn == user.arn && caller.userID == user.userID && caller.kind == .user)
            #expect(caller.context["aws:PrincipalTag/team"] == ["red"])
            #expect(try await calls.resolve(id)["SecretAccessKey"] == nil)
            try await calls.iam("UpdateAccessKey", #"{"UserName":"ann","AccessKeyId":"\#(id)","Status":"Inactive"}"#)
            #expect(try await calls.refusal(of: id) == CredentialRefusal.unknownKey)
            try await calls.iam("UpdateAccessKey", #"{"UserName":"ann","AccessKeyId":"\#(id)","Status":"Active"}"#)
            #expect(try await calls.caller(id).arn == user.arn)
            let used = try await calls.iam("GetAccessKeyLastUsed", #"{"AccessKeyId":"\#(id)"}"#)
            #expect(used["AccessKeyLastUsed"]?["ServiceName"]?.string == "s3")
            #expect(used["UserName"]?.string == "ann")
            try await calls.iam("DeleteAccessKey", #"{"UserName":"ann","AccessKeyId":"\#(id)"}"#)
            #expect(try await calls.refusal(of: id) == CredentialRefusal.unknownKey)
        }
    }

    @Test("A user has at most two keys, and listing them never tells a secret")
    func limits() async throws {
        try await AuthCalls.with { calls in
            _ = try await calls.createUser("ann")
            for _ in 0..<2 { try await calls.iam("CreateAccessKey", #"{"UserName":"ann"}"#) }
            let error = try await calls.host.error(of: "iam", "CreateAccessKey", #"{"UserName":"ann"}"#)
            #expect(error?.code == "LimitExceeded" && error?.status == 409)
            #expect(error?.message == "Cannot exceed quota for AccessKeysPerUser: 2")
            let list = try await calls.iam("ListAccessKeys", #"{"UserName":"ann"}"#)
            #expect(list["AccessKeyMetadata"]?.elements.map { $0["Status"]?.string } == ["Active", "Active"])
            #expect(!String(decoding: list.rawBytes, as: UTF8.self).contains("Secret"))
            #expect(try await calls.code("DeleteUser", #"{"UserName":"ann"}"#) == "DeleteConflict")
        }
    }

    @Test("Secrets do not stand in the database file")
    func sealed() async throws {
        try await TemporaryFolder.with { folder in
            var secret = ""
            try await AuthCalls.with(folder: folder) { calls in
                _ = try await calls.createUser("ann")
                let key = try await calls.iam("CreateAccessKey", #"{"UserName":"ann"}"#)["AccessKey"]
                secret = try #require(key?["SecretAccessKey"]?.string)
            }
            for file in ["iam.db", "iam.db-wal"] {
                guard let bytes = try? FileBytes.read("\(folder)/auth/\(file)", limit: 64 << 20) else { continue }
                #expect(!String(decoding: bytes, as: UTF8.self).contains(secret))
            }
        }
    }

    @Test("Only services of the stack may resolve credentials")
    func internalOnly() async throws {
        try await AuthCalls.with { calls in
            let error = try await calls.host.error(
                of: "apus.auth", "ResolveCredential",
                #"{"AccessKeyId":"AKIA","Date":"20261121","Region":"us-east-1","Service":"s3"}"#)
            #expect(error?.code == "AccessDeniedException")
        }
    }

    @Test("Forged, foreign and expired session tokens are refused, each in its way")
    func sessions() async throws {
        try await AuthCalls.with { calls in
            try await calls.createRole("Worker")
            let credentials = try await calls.sts(
                "AssumeRole", #"{"RoleArn":"arn:aws:iam::\#(AuthCalls.account):role/Worker","RoleSessionName":"job"}"#,
                as: .service("lambda.amazonaws.com"))["Credentials"]
            let id = try #require(credentials?["AccessKeyId"]?.string)
            let token = try #require(credentials?["SessionToken"]?.string)
            #expect(id.hasPrefix("ASIA"))
            #expect(try await calls.caller(id, token: token).kind == .assumedRole)
            #expect(try await calls.refusal(of: id) == CredentialRefusal.unknownKey)
            #expect(try await calls.refusal(of: "ASIAOTHER", token: token) == CredentialRefusal.invalidToken)
            for altered in [String(token.dropLast(4)), "AAAA" + token.dropFirst(4), "", "x"] {
                #expect(try await calls.refusal(of: id, token: altered) == CredentialRefusal.invalidToken)
            }
            calls.host.clock.advance(by: .seconds(3600))
            #expect(try await calls.refusal(of: id, token: token) == CredentialRefusal.expiredToken)
        }
    }

    @Test("A role that was deleted and made again does not inherit its sessions")
    func recreatedRole() async throws {
        try await AuthCalls.with { calls in
            try await calls.createRole("Worker")
            let credentials = try await calls.sts(
                "AssumeRole", #"{"RoleArn":"arn:aws:iam::\#(AuthCalls.account):role/Worker","RoleSessionName":"job"}"#,
                as: .service("lambda.amazonaws.com"))["Credentials"]
            let id = try #require(credentials?["AccessKeyId"]?.string)
            let token = try #require(credentials?["SessionToken"]?.string)
            try await calls.iam("DeleteRole", #"{"RoleName":"Worker"}"#)
            #expect(try await calls.refusal(of: id, token: token) == CredentialRefusal.invalidToken)
            try await calls.createRole("Worker")
            #expect(try await calls.refusal(of: id, token: token) == CredentialRefusal.invalidToken)
        }
    }
}
