import ServiceKit
import TestSupport
import Testing

@Suite("Users, groups and roles")
struct IdentityTests {
    @Test("A user is created, read, renamed and deleted")
    func users() async throws {
        try await AuthCalls.with { calls in
            let created = try await calls.iam(
                "CreateUser", #"{"UserName":"Ann","Path":"/dev/","Tags":[{"Key":"team","Value":"red"}]}"#)["User"]
            #expect(created?["Arn"]?.string == "arn:aws:iam::000000000000:user/dev/Ann")
            #expect(created?["UserId"]?.string?.hasPrefix("AIDA") == true)
            #expect(created?["Tags"]?.elements.first(where: { _ in true })?["Value"]?.string == "red")
            let again = try await calls.host.error(of: "iam", "CreateUser", #"{"UserName":"ann"}"#)
            #expect(again?.code == "EntityAlreadyExists" && again?.status == 409)
            #expect(again?.message == "User with name ann already exists.")
            try await calls.iam("UpdateUser", #"{"UserName":"Ann","NewUserName":"Beth","NewPath":"/ops/"}"#)
            let read = try await calls.iam("GetUser", #"{"UserName":"Beth"}"#)["User"]
            #expect(read?["Arn"]?.string == "arn:aws:iam::000000000000:user/ops/Beth")
            #expect(read?["UserId"]?.string == created?["UserId"]?.string)
            let missing = try await calls.host.error(of: "iam", "GetUser", #"{"UserName":"Ann"}"#)
            #expect(missing?.code == "NoSuchEntity" && missing?.status == 404)
            #expect(missing?.message == "The user with name Ann cannot be found.")
            try await calls.iam("DeleteUser", #"{"UserName":"Beth"}"#)
            #expect(try await calls.code("DeleteUser", #"{"UserName":"Beth"}"#) == "NoSuchEntity")
        }
    }

    @Test("A renamed user keeps policies, keys and groups")
    func renaming() async throws {
        try await AuthCalls.with { calls in
            _ = try await calls.createUser("ann")
            try await calls.iam("CreateGroup", #"{"GroupName":"devs"}"#)
            try await calls.iam("AddUserToGroup", #"{"GroupName":"devs","UserName":"ann"}"#)
            try await calls.iam(
                "PutUserPolicy",
                #"{"UserName":"ann","PolicyName":"own","PolicyDocument":"\#(AuthCalls.document())"}"#)
            let key = try await calls.iam("CreateAccessKey", #"{"UserName":"ann"}"#)["AccessKey"]
            try await calls.iam("UpdateUser", #"{"UserName":"ann","NewUserName":"beth"}"#)
            #expect(
                try await calls.caller(try #require(key?["AccessKeyId"]?.string)).arn
                    == "arn:aws:iam::000000000000:user/beth")
            #expect(try await calls.policies(of: "arn:aws:iam::000000000000:user/beth") == ["own"])
            #expect(try await calls.policies(of: "arn:aws:iam::000000000000:user/ann").isEmpty)
            let groups = try await calls.iam("ListGroupsForUser", #"{"UserName":"beth"}"#)
            #expect(groups["Groups"]?.elements.map { $0["GroupName"]?.string } == ["devs"])
        }
    }

    @Test("Without a name GetUser is about the caller")
    func caller() async throws {
        try await AuthCalls.with { calls in
            let user = try await calls.createUser("ann")
            #expect(try await calls.iam("GetUser", as: user)["User"]?["UserName"]?.string == "ann")
            #expect(
                try await calls.iam("GetUser")["User"]?["Arn"]?.string == "arn:aws:iam::000000000000:root")
        }
    }

    @Test("A policy reaches a user directly, attached, and through groups")
    func effectivePolicies() async throws {
        try await AuthCalls.with { calls in
            let user = try await calls.createUser("ann")
            let document = AuthCalls.document()
            try await calls.iam("CreateGroup", #"{"GroupName":"devs"}"#)
            try await calls.iam("AddUserToGroup", #"{"GroupName":"devs","UserName":"ann"}"#)
            let policy = try await calls.iam(
                "CreatePolicy", #"{"PolicyName":"shared","PolicyDocument":"\#(document)"}"#)["Policy"]
            let arn = try #require(policy?["Arn"]?.string)
            let managed = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
            try await calls.iam(
                "PutUserPolicy", #"{"UserName":"ann","PolicyName":"own","PolicyDocument":"\#(document)"}"#)
            try await calls.iam("AttachUserPolicy", #"{"UserName":"ann","PolicyArn":"\#(arn)"}"#)
            try await calls.iam("AttachGroupPolicy", #"{"GroupName":"devs","PolicyArn":"\#(managed)"}"#)
            try await calls.iam(
                "PutGroupPolicy", #"{"GroupName":"devs","PolicyName":"team","PolicyDocument":"\#(document)"}"#)
            #expect(try await calls.policies(of: user.arn) == ["own", arn, "team", managed])
            #expect(try await calls.code("DeleteGroup", #"{"GroupName":"devs"}"#) == "DeleteConflict")
            try await calls.iam("RemoveUserFromGroup", #"{"GroupName":"devs","UserName":"ann"}"#)
            #expect(try await calls.policies(of: user.arn) == ["own", arn])
            #expect(try await calls.code("DeleteUser", #"{"UserName":"ann"}"#) == "DeleteConflict")
            try await calls.iam("DetachUserPolicy", #"{"UserName":"ann","PolicyArn":"\#(arn)"}"#)
            try await calls.iam("DeleteUserPolicy", #"{"UserName":"ann","PolicyName":"own"}"#)
            try await calls.iam("DeleteUser", #"{"UserName":"ann"}"#)
        }
    }

    @Test("A role tells its trust policy percent-encoded and keeps its settings")
    func roles() async throws {
        try await AuthCalls.with { calls in
            let trust = AuthCalls.trust(#"{"Service":"lambda.amazonaws.com"}"#)
            let created = try await calls.iam(
                "CreateRole",
                #"{"RoleName":"Worker","AssumeRolePolicyDocument":"\#(trust)","Description":"works","MaxSessionDuration":7200}"#
            )["Role"]
            #expect(created?["AssumeRolePolicyDocument"]?.string?.hasPrefix("%7B%22Version%22%3A") == true)
            #expect(created?["RoleId"]?.string?.hasPrefix("AROA") == true)
            try await calls.iam("UpdateRole", #"{"RoleName":"Worker","MaxSessionDuration":3600}"#)
            let role = try await calls.iam("GetRole", #"{"RoleName":"Worker"}"#)["Role"]
            #expect(role?["MaxSessionDuration"]?.int64 == 3600 && role?["Description"]?.string == "works")
            #expect(
                try await calls.code("CreateRole", #"{"RoleName":"Bad","AssumeRolePolicyDocument":"{}"}"#)
                    == "MalformedPolicyDocument")
            let list = try await calls.iam("ListRoles", #"{"PathPrefix":"/"}"#)
            #expect(list["Roles"]?.elements.map { $0["RoleName"]?.string } == ["Worker"])
        }
    }

    @Test("Lists are handed out page by page, and markers cannot be forged")
    func paging() async throws {
        try await AuthCalls.with { calls in
            for name in ["d", "B", "a", "c", "E"] { _ = try await calls.createUser(name) }
            var names: [String] = []
            var marker: String?
            repeat {
                let more = marker.map { ",\"Marker\":\"\($0)\"" } ?? ""
                let page = try await calls.iam("ListUsers", #"{"MaxItems":2\#(more)}"#)
                names += page["Users"]?.elements.compactMap { $0["UserName"]?.string } ?? []
                marker = page["Marker"]?.string
                #expect(page["IsTruncated"]?.bool == (marker != nil))
            } while marker != nil
            #expect(names == ["a", "B", "c", "d", "E"])
            #expect(try await calls.code("ListUsers", #"{"Marker":"c"}"#) == "ValidationError")
        }
    }

    @Test("Everything is still there when the service starts again")
    func durability() async throws {
        try await TemporaryFolder.with { folder in
            try await AuthCalls.with(folder: folder) { calls in
                try await calls.createRole("Worker")
                try await calls.iam(
                    "PutRolePolicy",
                    #"{"RoleName":"Worker","PolicyName":"p","PolicyDocument":"\#(AuthCalls.document())"}"#)
            }
            try await AuthCalls.with(folder: folder) { calls in
                let names = try await calls.policies(of: "arn:aws:iam::000000000000:role/Worker")
                #expect(names == ["p"])
            }
        }
    }

    @Test("Tags are unique without regard to case, and at most 50")
    func tags() async throws {
        try await AuthCalls.with { calls in
            try await calls.createRole("Worker")
            try await calls.iam("TagRole", #"{"RoleName":"Worker","Tags":[{"Key":"Team","Value":"red"}]}"#)
            try await calls.iam("TagRole", #"{"RoleName":"Worker","Tags":[{"Key":"team","Value":"blue"}]}"#)
            let tags = try await calls.iam("ListRoleTags", #"{"RoleName":"Worker"}"#)["Tags"]
            #expect(tags?.elements.map { $0["Value"]?.string } == ["blue"])
            let twice = #"{"RoleName":"Worker","Tags":[{"Key":"a","Value":"1"},{"Key":"A","Value":"2"}]}"#
            #expect(try await calls.code("TagRole", twice) == "InvalidInput")
            try await calls.iam("UntagRole", #"{"RoleName":"Worker","TagKeys":["TEAM"]}"#)
            let left = try await calls.iam("ListRoleTags", #"{"RoleName":"Worker"}"#)["Tags"]
            #expect(left?.elements.map { $0["Key"]?.string }.isEmpty == true)
        }
    }

    @Test("Instance profiles and providers are kept for the tools that make them")
    func others() async throws {
        try await AuthCalls.with { calls in
            try await calls.createRole("Worker")
            try await calls.iam("CreateInstanceProfile", #"{"InstanceProfileName":"box"}"#)
            let add = #"{"InstanceProfileName":"box","RoleName":"Worker"}"#
            try await calls.iam("AddRoleToInstanceProfile", add)
            #expect(try await calls.code("AddRoleToInstanceProfile", add) == "LimitExceeded")
            #expect(try await calls.code("DeleteRole", #"{"RoleName":"Worker"}"#) == "DeleteConflict")
            try await calls.iam("RemoveRoleFromInstanceProfile", add)
            try await calls.iam("DeleteInstanceProfile", #"{"InstanceProfileName":"box"}"#)
            let provider = try await calls.iam(
                "CreateOpenIDConnectProvider", #"{"Url":"https://id.example.com/t","ClientIDList":["app"]}"#)
            let arn = try #require(provider["OpenIDConnectProviderArn"]?.string)
            #expect(arn == "arn:aws:iam::000000000000:oidc-provider/id.example.com/t")
            try await calls.iam(
                "AddClientIDToOpenIDConnectProvider", #"{"OpenIDConnectProviderArn":"\#(arn)","ClientID":"web"}"#)
            let read = try await calls.iam("GetOpenIDConnectProvider", #"{"OpenIDConnectProviderArn":"\#(arn)"}"#)
            #expect(read["ClientIDList"]?.elements.map(\.string) == ["app", "web"])
            try await calls.iam("DeleteOpenIDConnectProvider", #"{"OpenIDConnectProviderArn":"\#(arn)"}"#)
            #expect(
                try await calls.code("GetOpenIDConnectProvider", #"{"OpenIDConnectProviderArn":"\#(arn)"}"#)
                    == "NoSuchEntity")
            let role = try await calls.iam(
                "CreateServiceLinkedRole", #"{"AWSServiceName":"ops.apigateway.amazonaws.com"}"#)["Role"]
            #expect(role?["RoleName"]?.string == "AWSServiceRoleForOpsApigateway")
        }
    }
}
