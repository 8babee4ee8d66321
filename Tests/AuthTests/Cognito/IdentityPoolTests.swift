import ServiceKit
import TestSupport
import Testing

@Suite("Identity pools")
struct IdentityPoolTests {
    /// An identity pool over a user pool with the users ann and bob.
    private func with(guests: Bool = false, _ body: (CognitoCalls, _ pool: String) async throws -> Void) async throws {
        try await CognitoCalls.with { calls in
            for name in ["ann", "bob"] { try await calls.createUser(name, email: "\(name)@example.com") }
            let pool = try await calls.host.call(
                "cognito-identity", "CreateIdentityPool",
                #"""
                {"IdentityPoolName":"i","AllowUnauthenticatedIdentities":\#(guests),"CognitoIdentityProviders":
                [{"ProviderName":"\#(provider(calls))","ClientId":"\#(calls.client)"}]}
                """#)
            try await body(calls, try #require(pool["IdentityPoolId"]?.string))
        }
    }

    private func provider(_ calls: CognitoCalls) -> String { "cognito-idp.us-east-1.amazonaws.com/\(calls.pool)" }

    private func login(_ calls: CognitoCalls, _ name: String, token: String = "IdToken") async throws -> String {
        let token = try #require(try await calls.signIn(name)[token]?.string)
        return #""Logins":{"\#(provider(calls))":"\#(token)"}"#
    }

    private func identity(_ calls: CognitoCalls, _ pool: String, _ more: String = "") async throws -> String {
        let reply = try await calls.host.call(
            "cognito-identity", "GetId", #"{"IdentityPoolId":"\#(pool)"\#(more)}"#)
        return try #require(reply["IdentityId"]?.string)
    }

    private func refusal(_ calls: CognitoCalls, _ operation: String, _ input: String) async throws -> String? {
        try await calls.host.error(of: "cognito-identity", operation, "{\(input)}")?.code
    }

    @Test("One login leads to one identity, another to another")
    func stableIdentities() async throws {
        try await with { calls, pool in
            let first = try await identity(calls, pool, "," + login(calls, "ann"))
            #expect(try await identity(calls, pool, "," + login(calls, "ann")) == first)
            #expect(try await identity(calls, pool, "," + login(calls, "bob")) != first)
        }
    }

    @Test("Guests are refused unless the pool lets them in")
    func guests() async throws {
        try await with { calls, pool in
            let code = try await refusal(calls, "GetId", #""IdentityPoolId":"\#(pool)""#)
            #expect(code == "NotAuthorizedException")
        }
        try await with(guests: true) { calls, pool in
            let first = try await identity(calls, pool)
            #expect(try await identity(calls, pool) != first)
        }
    }

    @Test("Only an identity token of one of the pool's providers is a login")
    func logins() async throws {
        try await with { calls, pool in
            let prefix = #""IdentityPoolId":"\#(pool)","#
            let access = try await login(calls, "ann", token: "AccessToken")
            #expect(try await refusal(calls, "GetId", prefix + access) == "NotAuthorizedException")
            let stranger = try await login(calls, "ann").replacing("cognito-idp.", with: "login.")
            #expect(try await refusal(calls, "GetId", prefix + stranger) == "NotAuthorizedException")
            let late = try await login(calls, "ann")
            calls.host.clock.advance(by: .seconds(3600))
            #expect(try await refusal(calls, "GetId", prefix + late) == "NotAuthorizedException")
        }
    }

    @Test("Credentials of an identity are for its own login, and carry the identity")
    func credentials() async throws {
        try await with { calls, pool in
            // Trust policies and sessions know who vouched for the identity.
            let provider = "cognito-identity.amazonaws.com"
            let trust = AuthCalls.trust(
                #"{"Federated":"\#(provider)"}"#,
                condition: #"{"StringEquals":{"aws:FederatedProvider":"\#(provider)"}}"#)
            try await calls.host.call(
                "iam", "CreateRole", #"{"RoleName":"Member","AssumeRolePolicyDocument":"\#(trust)"}"#)
            try await calls.host.call(
                "cognito-identity", "SetIdentityPoolRoles",
                #"""
                {"IdentityPoolId":"\#(pool)","Roles":{"authenticated":"arn:aws:iam::000000000000:role/Member"}}
                """#)
            let ann = try await login(calls, "ann")
            let id = try await identity(calls, pool, "," + ann)
            let reply = try await calls.host.call(
                "cognito-identity", "GetCredentialsForIdentity", #"{"IdentityId":"\#(id)",\#(ann)}"#)
            let credentials = try #require(reply["Credentials"])
            #expect(credentials["SecretKey"]?.string?.isEmpty == false)
            let session = try await AuthCalls(host: calls.host).caller(
                try #require(credentials["AccessKeyId"]?.string), token: credentials["SessionToken"]?.string)
            #expect(session.context["aws:FederatedProvider"] == [provider])

            let bob = try await login(calls, "bob")
            _ = try await identity(calls, pool, "," + bob)
            for other in [#","# + bob, ""] {
                let code = try await refusal(calls, "GetCredentialsForIdentity", #""IdentityId":"\#(id)""# + other)
                #expect(code == "NotAuthorizedException")
            }
        }
    }
}
