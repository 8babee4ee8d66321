import CognitoUserPools
import Crypto
import JWT
import ServiceKit
import TestSupport
import Testing

@Suite("Sessions")
struct SessionTests {
    private static let roleARN = "arn:aws:iam::000000000000:role/Worker"

    /// IAM and STS under the real authorizer.
    private func enforced(_ body: (AuthCalls) async throws -> Void) async throws {
        let source = StoredPolicies()
        try await AuthCalls.with(authorizer: PolicyAuthorizer(source: source)) { calls in
            source.read(from: calls.host)
            try await body(calls)
        }
    }

    private func assume(_ more: String = "") -> String {
        #"{"RoleArn":"\#(Self.roleARN)","RoleSessionName":"job"\#(more)}"#
    }

    @Test("A role lets in whom its trust policy names, and a session is of the role")
    func assumeRole() async throws {
        try await enforced { calls in
            try await calls.createRole("Worker")
            let refused = try await calls.host.error(of: "sts", "AssumeRole", assume(), as: calls.createUser("ann"))
            #expect(refused?.code == "AccessDenied" && refused?.status == 403)
            #expect(
                refused?.message.hasPrefix(
                    "User: arn:aws:iam::000000000000:user/ann is not authorized to perform: sts:AssumeRole on "
                        + "resource: \(Self.roleARN)") == true)
            let reply = try await calls.sts("AssumeRole", assume(), as: .service("lambda.amazonaws.com"))
            #expect(
                reply["AssumedRoleUser"]?["Arn"]?.string == "arn:aws:sts::000000000000:assumed-role/Worker/job")
            let other = try await calls.host.error(
                of: "sts", "AssumeRole", assume(), as: .service("apigateway.amazonaws.com"))
            #expect(other?.code == "AccessDenied")
            let credentials = try #require(reply["Credentials"])
            let caller = try await calls.caller(
                try #require(credentials["AccessKeyId"]?.string), token: credentials["SessionToken"]?.string)
            #expect(caller.policyARN == Self.roleARN)
            let identity = try await calls.sts("GetCallerIdentity", as: caller)
            #expect(identity["Arn"]?.string == "arn:aws:sts::000000000000:assumed-role/Worker/job")
            #expect(identity["UserId"]?.string?.hasSuffix(":job") == true)
        }
    }

    @Test("Trusting the account leaves it to the account's own policies")
    func delegation() async throws {
        try await enforced { calls in
            try await calls.createRole("Worker", trusting: #"{"AWS":"000000000000"}"#)
            let ann = try await calls.createUser("ann")
            #expect(try await calls.host.error(of: "sts", "AssumeRole", assume(), as: ann)?.code == "AccessDenied")
            let document = AuthCalls.document("Allow", "sts:AssumeRole", Self.roleARN)
            try await calls.iam(
                "PutUserPolicy", #"{"UserName":"ann","PolicyName":"may","PolicyDocument":"\#(document)"}"#)
            try await calls.sts("AssumeRole", assume(), as: ann)
        }
    }

    @Test("An external identifier is asked for where the trust policy wants one")
    func externalID() async throws {
        try await enforced { calls in
            let trust = AuthCalls.trust(
                #"{"Service":"lambda.amazonaws.com"}"#, condition: #"{"StringEquals":{"sts:ExternalId":"42"}}"#)
            try await calls.iam("CreateRole", #"{"RoleName":"Worker","AssumeRolePolicyDocument":"\#(trust)"}"#)
            let lambda = Caller.service("lambda.amazonaws.com")
            #expect(try await calls.host.error(of: "sts", "AssumeRole", assume(), as: lambda)?.code == "AccessDenied")
            #expect(
                try await calls.host.error(of: "sts", "AssumeRole", assume(#","ExternalId":"77""#), as: lambda)?.code
                    == "AccessDenied")
            try await calls.sts("AssumeRole", assume(#","ExternalId":"42""#), as: lambda)
        }
    }

    @Test("A session carries its tags and its limits, and lasts as long as the role allows")
    func limits() async throws {
        try await AuthCalls.with { calls in
            try await calls.createRole("Worker")
            let policy = AuthCalls.document("Allow", "s3:Get*")
            let tags = #","Tags":[{"Key":"team","Value":"red"}],"TransitiveTagKeys":["team"],"Policy":"\#(policy)""#
            let reply = try await calls.sts("AssumeRole", assume(tags))
            #expect((reply["PackedPolicySize"]?.int64 ?? 0) > 0)
            let credentials = try #require(reply["Credentials"])
            let caller = try await calls.caller(
                try #require(credentials["AccessKeyId"]?.string), token: credentials["SessionToken"]?.string)
            #expect(caller.context["aws:PrincipalTag/team"] == ["red"] && caller.sessionPolicies.count == 1)
            #expect(caller.context["aws:TokenIssueTime"] != nil)
            let chained = try await calls.sts("AssumeRole", assume(), as: caller)["Credentials"]
            let second = try await calls.caller(
                try #require(chained?["AccessKeyId"]?.string), token: chained?["SessionToken"]?.string)
            #expect(second.context["aws:PrincipalTag/team"] == ["red"] && second.sessionPolicies.isEmpty)
            let long = try await calls.host.error(of: "sts", "AssumeRole", assume(#","DurationSeconds":3601"#))
            #expect(
                long?.message == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
            let malformed = try await calls.host.error(of: "sts", "AssumeRole", assume(#","Policy":"{}""#))
            #expect(malformed?.code == "MalformedPolicyDocument")
        }
    }

    @Test("Session policies and boundaries narrow what a session may do")
    func narrowing() async throws {
        try await enforced { calls in
            try await calls.createRole("Worker")
            try await calls.iam(
                "PutRolePolicy",
                #"{"RoleName":"Worker","PolicyName":"p","PolicyDocument":"\#(AuthCalls.document("Allow", "iam:*"))"}"#)
            let lambda = Caller.service("lambda.amazonaws.com")
            func session(_ more: String) async throws -> Caller {
                let credentials = try await calls.sts("AssumeRole", assume(more), as: lambda)["Credentials"]
                return try await calls.caller(
                    try #require(credentials?["AccessKeyId"]?.string), token: credentials?["SessionToken"]?.string)
            }
            let free = try await session("")
            try await calls.iam("ListUsers", as: free)
            let narrow = try await session(#","Policy":"\#(AuthCalls.document("Allow", "iam:Get*"))""#)
            let refused = try await calls.host.error(of: "iam", "ListUsers", as: narrow)
            #expect(refused?.code == "AccessDenied" && refused?.message.contains("no session policy allows") == true)
            try await calls.iam("GetRole", #"{"RoleName":"Worker"}"#, as: narrow)
            let boundary = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
            try await calls.iam(
                "PutRolePermissionsBoundary", #"{"RoleName":"Worker","PermissionsBoundary":"\#(boundary)"}"#)
            let bounded = try await calls.host.error(of: "iam", "ListUsers", as: free)
            #expect(bounded?.message.contains("no permissions boundary allows") == true)
        }
    }

    @Test("A user gets a session of their own, and none from a session")
    func sessionToken() async throws {
        try await AuthCalls.with { calls in
            let ann = try await calls.createUser("ann")
            let credentials = try await calls.sts("GetSessionToken", as: ann)["Credentials"]
            let caller = try await calls.caller(
                try #require(credentials?["AccessKeyId"]?.string), token: credentials?["SessionToken"]?.string)
            #expect(caller.arn == ann.arn && caller.userID == ann.userID)
            let error = try await calls.host.error(of: "sts", "GetSessionToken", as: caller)
            #expect(error?.code == "AccessDenied")
            try await calls.iam("DeleteUser", #"{"UserName":"ann"}"#)
            #expect(
                try await calls.refusal(
                    of: try #require(caller.accessKeyID), token: credentials?["SessionToken"]?.string)
                    == CredentialRefusal.invalidToken)
        }
    }

    @Test("A federated user may do what both the user and the given policy allow")
    func federation() async throws {
        try await enforced { calls in
            let ann = try await calls.createUser("ann")
            for action in ["sts:GetFederationToken", "iam:*"] {
                try await calls.iam(
                    "PutUserPolicy",
                    #"{"UserName":"ann","PolicyName":"\#(action.prefix(3))","PolicyDocument":"\#(AuthCalls.document("Allow", action))"}"#
                )
            }
            func federated(_ more: String) async throws -> Caller {
                let credentials = try await calls.sts("GetFederationToken", #"{"Name":"guest"\#(more)}"#, as: ann)[
                    "Credentials"]
                return try await calls.caller(
                    try #require(credentials?["AccessKeyId"]?.string), token: credentials?["SessionToken"]?.string)
            }
            let guest = try await federated(#","Policy":"\#(AuthCalls.document("Allow", "iam:List*"))""#)
            #expect(guest.arn == "arn:aws:sts::000000000000:federated-user/guest")
            try await calls.iam("ListUsers", as: guest)
            #expect(
                try await calls.host.error(of: "iam", "CreateGroup", #"{"GroupName":"g"}"#, as: guest)?.code
                    == "AccessDenied")
            let nobody = try await federated("")
            #expect(try await calls.host.error(of: "iam", "ListUsers", as: nobody)?.code == "AccessDenied")
        }
    }

    @Test("Strangers have no identity")
    func anonymous() async throws {
        try await enforced { calls in
            let stranger = Caller.anonymous
            let identity = try await calls.host.error(of: "sts", "GetCallerIdentity", as: stranger)
            #expect(identity?.code == "MissingAuthenticationToken")
            let users = try await calls.host.error(of: "iam", "ListUsers", as: stranger)
            #expect(users?.code == "AccessDenied")
            let junk = #"{"RoleArn":"\#(Self.roleARN)","RoleSessionName":"web","WebIdentityToken":"a.b.c"}"#
            let token = try await calls.host.error(of: "sts", "AssumeRoleWithWebIdentity", junk, as: stranger)
            #expect(token?.code == "InvalidIdentityToken")
        }
    }

    @Test("A token of a provider that the account does not know opens nothing")
    func unknownProvider() async throws {
        try await AuthCalls.with { calls in
            let signer = try TokenSigner(key: RSA.PrivateKey(), keyID: "1")
            let token = try signer.sign(
                Array(#"{"iss":"https://evil.example","sub":"eve","aud":"app","exp":9999999999}"#.utf8))
            let input = #"{"RoleArn":"\#(Self.roleARN)","RoleSessionName":"web","WebIdentityToken":"\#(token)"}"#
            let error = try await calls.host.error(of: "sts", "AssumeRoleWithWebIdentity", input, as: .anonymous)
            #expect(error?.code == "InvalidIdentityToken")
            #expect(error?.message.hasPrefix("No OpenIDConnect provider found") == true)
        }
    }
}
