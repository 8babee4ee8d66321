import ServiceKit
import TemplateLanguage
import TestSupport
import Testing

@testable import CloudFormation

private let roleType = "AWS::IAM::Role"
private let trust = #"""
    "AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":["dax.amazonaws.com"]},"Action":["sts:AssumeRole"]}]}
    """#

private func document(_ action: String) -> String {
    #""PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\#(action)","Resource":"*"}]}"#
}

private let plainRole = "{\(trust)}"
private let richRole = #"""
    {\#(trust),"RoleName":"dax","Path":"/service/","Description":"d","MaxSessionDuration":"7200",
    "ManagedPolicyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    "Policies":[{"PolicyName":"one",\#(document("dynamodb:GetItem"))},{"PolicyName":"two",\#(document("s3:*"))}],
    "PermissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess","Tags":[{"Key":"a","Value":"b"}]}
    """#

@Suite("AWS::IAM resources")
struct IAMResourceTests {
    /// What of a role shows whether all was done.
    private func state(_ host: ResourceHost, _ id: String) async throws -> String {
        let input = #"{"RoleName":"\#(id)"}"#
        let role = try await host.call("iam", "GetRole", input)["Role"]
        let own = try await host.call("iam", "ListRolePolicies", input)["PolicyNames"]
        let attached = try await host.call("iam", "ListAttachedRolePolicies", input)["AttachedPolicies"]
        let tags = try await host.call("iam", "ListRoleTags", input)["Tags"]
        let parts: [String?] = [
            role?["Description"]?.string, role?["MaxSessionDuration"]?.numberText,
            role?["PermissionsBoundary"]?["PermissionsBoundaryArn"]?.string?.split(separator: "/").last.map(
                String.init),
            own?.elements.compactMap(\.string).joined(separator: "+"),
            attached?.elements.compactMap { $0["PolicyName"]?.string }.joined(separator: "+"),
            tags?.elements.map { "\($0["Key"]?.string ?? "")=\($0["Value"]?.string ?? "")" }.joined(separator: "+"),
        ]
        return parts.map { $0 ?? "-" }.joined(separator: " ")
    }

    @Test("a role has its policies, boundary and tags")
    func role() async throws {
        try await ResourceHost.with { host in
            let plain = try await host.create(roleType, plainRole)
            #expect(plain.reference == "my-stack-Thing-A1B2C3D4E5F6")
            let made = try await host.create(roleType, richRole)
            #expect(made.reference == "dax")
            #expect(made.attributes["Arn"] == .string("arn:aws:iam::000000000000:role/service/dax"))
            #expect(made.attributes["RoleId"]?.text?.hasPrefix("AROA") == true)
            #expect(try await state(host, "dax") == "d 7200 AdministratorAccess one+two ReadOnlyAccess a=b")
        }
    }

    @Test(
        "survive a crash at any call of their creation",
        arguments: [
            (roleType, plainRole), ("AWS::IAM::Group", #"{"Policies":[{"PolicyName":"p",\#(document("s3:*"))}]}"#),
            (
                "AWS::IAM::User",
                #"{"Groups":["readers"],"ManagedPolicyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess"]}"#
            ),
            ("AWS::IAM::Policy", #"{"PolicyName":"p","Roles":["present"],\#(document("s3:*"))}"#),
            ("AWS::IAM::RolePolicy", #"{"PolicyName":"p","RoleName":"present",\#(document("s3:*"))}"#),
            ("AWS::IAM::InstanceProfile", #"{"Roles":["present"]}"#),
        ])
    func crashes(_ type: String, _ properties: String) async throws {
        try await ResourceHost.with { host in
            _ = try await host.create(roleType, #"{"RoleName":"present",\#(trust)}"#)
            _ = try await host.create("AWS::IAM::Group", #"{"GroupName":"readers"}"#)
            // Names of a clean attempt and of a repeated one are the same; IDs that IAM draws are not.
            guard type != roleType else {
                let map = try template(properties)
                for number in 1...3 {
                    let calls = Calls(breakingAt: number, seesAnswer: false)
                    let context = host.context(calls: calls)
                    let planned = try host.type(type).plannedID(for: map, in: context)
                    _ = try? await host.type(type).create(map, planned: planned, in: context)
                    let made = try await host.type(type).create(
                        map, planned: planned, in: host.context(isRetry: true))
                    try await host.type(type).delete(made.id, map, in: host.context())
                    #expect(try await host.type(type).read(made.id, map, in: host.context()) == nil)
                }
                return
            }
            try await host.survivesCrashes(type, properties)
        }
    }

    @Test("a role is changed in place, over a crash at any call")
    func changes() async throws {
        let new = #"""
            {\#(trust),"RoleName":"dax","Path":"/service/",
            "ManagedPolicyArns":["arn:aws:iam::aws:policy/AdministratorAccess"],
            "Policies":[{"PolicyName":"two",\#(document("s3:GetObject"))},{"PolicyName":"three",\#(document("sqs:*"))}],
            "Tags":[{"Key":"c","Value":"d"}]}
            """#
        try await ResourceHost.with { host in
            try await host.changeSurvivesCrashes(roleType, from: richRole, to: new) { id in
                let state = try await state(host, id)
                #expect(state == " 3600 - three+two AdministratorAccess c=d")
                return state
            }
        }
    }

    @Test("a managed policy gets versions, and the oldest go")
    func managedPolicy() async throws {
        try await ResourceHost.with { host in
            let type = "AWS::IAM::ManagedPolicy"
            _ = try await host.create(roleType, #"{"RoleName":"present",\#(trust)}"#)
            var old = #"{"ManagedPolicyName":"p","Roles":["present"],\#(document("s3:1"))}"#
            let made = try await host.create(type, old)
            #expect(made.reference == "arn:aws:iam::000000000000:policy/p")
            for number in 2...8 {
                let new = #"{"ManagedPolicyName":"p","Roles":["present"],\#(document("s3:\(number)"))}"#
                let changed = try await host.update(type, made.id, from: old, to: new)
                #expect(changed.attributes["DefaultVersionId"] == .string("v\(number)"))
                old = new
            }
            #expect(try await state(host, "present") == "- 3600 -  p ")
            try await host.type(type).delete(made.id, template(old), in: host.context())
            let left = try await host.type(type).read(made.id, template(old), in: host.context())
            #expect(left == nil)
        }
    }

    @Test("a policy moves from role to role")
    func policy() async throws {
        try await ResourceHost.with { host in
            for name in ["one", "two"] { _ = try await host.create(roleType, #"{"RoleName":"\#(name)",\#(trust)}"#) }
            let old = #"{"PolicyName":"p","Roles":["one"],\#(document("s3:*"))}"#
            let new = #"{"PolicyName":"q","Roles":["two"],\#(document("s3:*"))}"#
            let id = try await host.create("AWS::IAM::Policy", old).id
            _ = try await host.update("AWS::IAM::Policy", id, from: old, to: new)
            #expect(try await state(host, "one") == "- 3600 -   ")
            #expect(try await state(host, "two") == "- 3600 - q  ")
        }
    }
}
