import AccessPolicy
import ServiceKit
import TestSupport
import Testing

@testable import IAM

@Suite("Managed policies")
struct ManagedPolicyTests {
    private func create(_ calls: AuthCalls, _ name: String = "Reader") async throws -> String {
        let policy = try await calls.iam(
            "CreatePolicy",
            #"{"PolicyName":"\#(name)","PolicyDocument":"\#(AuthCalls.document("Allow", "s3:Get*"))"}"#)["Policy"]
        return try #require(policy?["Arn"]?.string)
    }

    @Test("Versions are numbered once, at most five, and one is in force")
    func versions() async throws {
        try await AuthCalls.with { calls in
            let arn = try await create(calls)
            let more = #"{"PolicyArn":"\#(arn)","PolicyDocument":"\#(AuthCalls.document("Allow", "s3:Put*"))"}"#
            for number in 2...5 {
                let version = try await calls.iam("CreatePolicyVersion", more)["PolicyVersion"]
                #expect(version?["VersionId"]?.string == "v\(number)")
            }
            #expect(try await calls.code("CreatePolicyVersion", more) == "LimitExceeded")
            try await calls.iam("SetDefaultPolicyVersion", #"{"PolicyArn":"\#(arn)","VersionId":"v3"}"#)
            #expect(
                try await calls.code("DeletePolicyVersion", #"{"PolicyArn":"\#(arn)","VersionId":"v3"}"#)
                    == "DeleteConflict")
            #expect(try await calls.code("DeletePolicy", #"{"PolicyArn":"\#(arn)"}"#) == "DeleteConflict")
            try await calls.iam("DeletePolicyVersion", #"{"PolicyArn":"\#(arn)","VersionId":"v5"}"#)
            let next = try await calls.iam("CreatePolicyVersion", more)["PolicyVersion"]
            #expect(next?["VersionId"]?.string == "v6")
            let version = try await calls.iam("GetPolicyVersion", #"{"PolicyArn":"\#(arn)","VersionId":"v3"}"#)
            #expect(version["PolicyVersion"]?["IsDefaultVersion"]?.bool == true)
            #expect(version["PolicyVersion"]?["Document"]?.string?.contains("s3%3APut%2A") == true)
        }
    }

    @Test("A policy in use cannot be deleted, and tells what uses it")
    func uses() async throws {
        try await AuthCalls.with { calls in
            let arn = try await create(calls)
            try await calls.createRole("Worker")
            try await calls.iam("AttachRolePolicy", #"{"RoleName":"Worker","PolicyArn":"\#(arn)"}"#)
            let error = try await calls.host.error(of: "iam", "DeletePolicy", #"{"PolicyArn":"\#(arn)"}"#)
            #expect(error?.message == "Cannot delete a policy attached to entities.")
            let policy = try await calls.iam("GetPolicy", #"{"PolicyArn":"\#(arn)"}"#)["Policy"]
            #expect(policy?["AttachmentCount"]?.int64 == 1)
            let users = try await calls.iam("ListEntitiesForPolicy", #"{"PolicyArn":"\#(arn)"}"#)
            #expect(users["PolicyRoles"]?.elements.map { $0["RoleName"]?.string } == ["Worker"])
            #expect(users["PolicyUsers"]?.elements.map(\.kind).isEmpty == true)
            let attached = try await calls.iam("ListAttachedRolePolicies", #"{"RoleName":"Worker"}"#)
            #expect(attached["AttachedPolicies"]?.elements.map { $0["PolicyName"]?.string } == ["Reader"])
            try await calls.iam("DetachRolePolicy", #"{"RoleName":"Worker","PolicyArn":"\#(arn)"}"#)
            #expect(
                try await calls.code("DetachRolePolicy", #"{"RoleName":"Worker","PolicyArn":"\#(arn)"}"#)
                    == "NoSuchEntity")
            try await calls.iam("DeletePolicy", #"{"PolicyArn":"\#(arn)"}"#)
        }
    }

    @Test("Documents are validated and limited, and names taken once")
    func validation() async throws {
        try await AuthCalls.with { calls in
            _ = try await create(calls)
            #expect(
                try await calls.code(
                    "CreatePolicy", #"{"PolicyName":"reader","PolicyDocument":"\#(AuthCalls.document())"}"#)
                    == "EntityAlreadyExists")
            let bad = try await calls.host.error(
                of: "iam", "CreatePolicy", #"{"PolicyName":"Bad","PolicyDocument":"{\"Version\":\"2012-10-17\"}"}"#)
            #expect(bad?.code == "MalformedPolicyDocument" && bad?.message == "Syntax errors in policy.")
            let long = AuthCalls.document("Allow", "s3:" + String(repeating: "x", count: 6200))
            #expect(
                try await calls.code("CreatePolicy", #"{"PolicyName":"Long","PolicyDocument":"\#(long)"}"#)
                    == "LimitExceeded")
            let user = try await calls.createUser("ann")
            let inline = AuthCalls.document("Allow", "s3:" + String(repeating: "x", count: 2100))
            let error = try await calls.host.error(
                of: "iam", "PutUserPolicy", #"{"UserName":"ann","PolicyName":"p","PolicyDocument":"\#(inline)"}"#)
            #expect(error?.message == "Maximum policy size of 2048 bytes exceeded for user ann")
            #expect(try await calls.policies(of: user.arn).isEmpty)
        }
    }

    @Test("At most ten policies are attached")
    func attachmentLimit() async throws {
        try await AuthCalls.with { calls in
            try await calls.createRole("Worker")
            for number in 0...10 {
                let arn = try await create(calls, "p\(number)")
                let code = try await calls.code("AttachRolePolicy", #"{"RoleName":"Worker","PolicyArn":"\#(arn)"}"#)
                #expect(code == (number < 10 ? nil : "LimitExceeded"))
            }
            #expect(
                try await calls.code(
                    "AttachRolePolicy", #"{"RoleName":"Worker","PolicyArn":"arn:aws:iam::000000000000:policy/none"}"#)
                    == "NoSuchEntity")
        }
    }

    @Test("Every policy of AWS's parses, and none can be changed")
    func awsManaged() async throws {
        for entry in AWSManagedPolicies.all {
            #expect(throws: Never.self) { try Policy.parse(entry.version.document, as: .identity) }
        }
        #expect(Set(AWSManagedPolicies.all.map(\.policy.uniqueID)).count == AWSManagedPolicies.all.count)
        try await AuthCalls.with { calls in
            let arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
            let policy = try await calls.iam("GetPolicy", #"{"PolicyArn":"\#(arn)"}"#)["Policy"]
            #expect(policy?["PolicyName"]?.string == "AWSLambdaBasicExecutionRole")
            #expect(policy?["Path"]?.string == "/service-role/")
            #expect(try await calls.code("DeletePolicy", #"{"PolicyArn":"\#(arn)"}"#) == "AccessDenied")
            let list = try await calls.iam("ListPolicies", #"{"Scope":"AWS","MaxItems":1000}"#)
            #expect(list["Policies"]?.elements.map(\.kind).count == AWSManagedPolicies.all.count)
            #expect(
                try await calls.iam("ListPolicies", #"{"Scope":"Local"}"#)["Policies"]?.elements.map(\.kind).isEmpty
                    == true)
        }
    }

    @Test("The simulator tells what the policies of a user would allow")
    func simulation() async throws {
        try await AuthCalls.with { calls in
            let user = try await calls.createUser("ann")
            try await calls.iam(
                "PutUserPolicy",
                #"{"UserName":"ann","PolicyName":"own","PolicyDocument":"\#(AuthCalls.document("Allow", "s3:Get*"))"}"#)
            let reply = try await calls.iam(
                "SimulatePrincipalPolicy",
                #"{"PolicySourceArn":"\#(user.arn)","ActionNames":["s3:GetObject","s3:PutObject"]}"#)
            let results = reply["EvaluationResults"]?.elements.map { $0["EvalDecision"]?.string }
            #expect(results == ["allowed", "implicitDeny"])
            let custom = try await calls.iam(
                "SimulateCustomPolicy",
                #"{"PolicyInputList":["\#(AuthCalls.document("Deny"))"],"ActionNames":["s3:GetObject"]}"#)
            #expect(custom["EvaluationResults"]?.elements.map { $0["EvalDecision"]?.string } == ["explicitDeny"])
        }
    }
}
