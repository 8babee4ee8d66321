import ServiceKit
import TestSupport
import Testing

@Suite("User pools")
struct UserPoolTests {
    private static let parameters = #""AuthFlow":"USER_SRP_AUTH","AuthParameters""#

    @Test("A client that computes SRP by itself signs in with the right password, and with no other")
    func secureRemotePassword() async throws {
        try await CognitoCalls.with { calls in
            try await calls.createUser("ann", email: "ann@example.com")
            // Several times: numbers with a leading zero or a first bit set are padded differently.
            for _ in 0..<6 {
                let client = try SRPClient(pool: calls.pool)
                let challenge = try await calls.call(
                    "InitiateAuth", #"\#(Self.parameters):{"USERNAME":"ann","SRP_A":"\#(client.publicHex)"}"#)
                #expect(challenge["ChallengeName"]?.string == "PASSWORD_VERIFIER")
                let parameters = try #require(challenge["ChallengeParameters"])
                func answer(_ password: String) throws -> String {
                    var json = JSONWriter()
                    json.value(try client.responses(to: parameters, password: password))
                    let responses = String(decoding: json.bytes, as: UTF8.self)
                    return #""ChallengeName":"PASSWORD_VERIFIER","ChallengeResponses":\#(responses)"#
                }
                let refused = try await calls.code("RespondToAuthChallenge", try answer("Secret-124"))
                #expect(refused == "NotAuthorizedException")
                let reply = try await calls.call("RespondToAuthChallenge", try answer(CognitoCalls.password))
                #expect(reply["AuthenticationResult"]?["AccessToken"]?.string != nil)
            }
        }
    }

    @Test("A client number that would give the key away is refused", arguments: ["0", "00", "xyz", ""])
    func zeroNumber(number: String) async throws {
        try await CognitoCalls.with { calls in
            try await calls.createUser("ann", email: "ann@example.com")
            let code = try await calls.code(
                "InitiateAuth", #"\#(Self.parameters):{"USERNAME":"ann","SRP_A":"\#(number)"}"#)
            #expect(code == "InvalidParameterException")
        }
    }

    @Test(
        "A password without one of the required classes is refused",
        arguments: [
            "Sh0rt-a", "nocapital-1", "NOSMALL-1", "NoNumber-x", "NoSymbol1x",
        ])
    func passwordPolicy(password: String) async throws {
        try await CognitoCalls.with { calls in
            let members = CognitoCalls.signUpMembers("ann", email: "ann@example.com", password: password)
            let code = try await calls.code("SignUp", members)
            #expect(code == "InvalidPasswordException")
        }
    }

    @Test("A sign-up is confirmed with the mailed code, once; before that nobody signs in")
    func confirmation() async throws {
        try await CognitoCalls.with { calls in
            try await calls.signUp("ann", email: "ann@example.com")
            #expect(
                try await calls.code("SignUp", CognitoCalls.signUpMembers("Ann", email: "b@example.com"))
                    == "UsernameExistsException")
            #expect(
                try await calls.code("InitiateAuth", CognitoCalls.credentials("ann")) == "UserNotConfirmedException")
            let code = try await calls.mailedCode(to: "ann@example.com")
            let members = #""Username":"ann","ConfirmationCode":"\#(code)""#
            try await calls.call("ConfirmSignUp", members)
            #expect(try await calls.code("ConfirmSignUp", members) == "NotAuthorizedException")
            #expect(try await calls.signIn("ann")["IdToken"]?.string != nil)
        }
    }

    @Test("After five wrong codes the right one is of no use; a new one is")
    func wrongCodes() async throws {
        try await CognitoCalls.with { calls in
            try await calls.signUp("ann", email: "ann@example.com")
            let code = try await calls.mailedCode(to: "ann@example.com")
            let wrong = code == "000000" ? "000001" : "000000"
            func confirm(_ code: String) async throws -> String? {
                try await calls.code("ConfirmSignUp", #""Username":"ann","ConfirmationCode":"\#(code)""#)
            }
            for _ in 0..<5 { #expect(try await confirm(wrong) == "CodeMismatchException") }
            #expect(try await confirm(code) == "TooManyFailedAttemptsException")
            try await calls.call("ResendConfirmationCode", #""Username":"ann""#)
            #expect(try await confirm(calls.mailedCode(to: "ann@example.com", mails: 2)) == nil)
        }
    }

    @Test("A code expires")
    func expiredCode() async throws {
        try await CognitoCalls.with { calls in
            try await calls.signUp("ann", email: "ann@example.com")
            let code = try await calls.mailedCode(to: "ann@example.com")
            calls.host.clock.advance(by: .seconds(24 * 3600))
            #expect(
                try await calls.code("ConfirmSignUp", #""Username":"ann","ConfirmationCode":"\#(code)""#)
                    == "ExpiredCodeException")
        }
    }

    @Test("An address that mail cannot go to does not hold back the codes of others")
    func undeliverable() async throws {
        try await CognitoCalls.with { calls in
            try await calls.signUp("eve", email: "a,b@example.com")
            try await calls.signUp("ann", email: "ann@example.com")
            #expect(try await calls.mailedCode(to: "ann@example.com").count == 6)
        }
    }

    @Test("Five wrong passwords lock a user out, for a second at first and longer each time")
    func lockout() async throws {
        try await CognitoCalls.with { calls in
            try await calls.createUser("ann", email: "ann@example.com")
            func attempt(_ password: String = CognitoCalls.password) async throws -> String? {
                try await calls.host.error(
                    of: "cognito-idp", "InitiateAuth",
                    #"{"ClientId":"\#(calls.client)",\#(CognitoCalls.credentials("ann", password))}"#)?.message
            }
            for _ in 0..<5 { #expect(try await attempt("wrong") == "Incorrect username or password.") }
            #expect(try await attempt() == "Password attempts exceeded")
            calls.host.clock.advance(by: .seconds(1))
            #expect(try await attempt("wrong") == "Incorrect username or password.")
            calls.host.clock.advance(by: .seconds(1))
            #expect(try await attempt() == "Password attempts exceeded")
            calls.host.clock.advance(by: .seconds(1))
            #expect(try await attempt() == nil)
            #expect(try await attempt("wrong") == "Incorrect username or password.")
            #expect(try await attempt() == nil)
        }
    }

    @Test("Who is locked out of signing in goes on with the refresh token they have; a disabled user does not")
    func refreshWhileLocked() async throws {
        try await CognitoCalls.with { calls in
            try await calls.createUser("ann", email: "ann@example.com")
            let tokens = try await calls.signIn("ann")
            for _ in 0..<5 { _ = try await calls.code("InitiateAuth", CognitoCalls.credentials("ann", "wrong")) }
            #expect(try await calls.code("InitiateAuth", CognitoCalls.credentials("ann")) == "NotAuthorizedException")
            #expect(try await refresh(calls, tokens) == nil)
            try await calls.administer("AdminDisableUser", #""Username":"ann""#)
            #expect(try await refresh(calls, tokens) == "NotAuthorizedException")
        }
    }

    private func refresh(_ calls: CognitoCalls, _ tokens: JSONValue) async throws -> String? {
        let token = try #require(tokens["RefreshToken"]?.string)
        return try await calls.code(
            "InitiateAuth", #""AuthFlow":"REFRESH_TOKEN_AUTH","AuthParameters":{"REFRESH_TOKEN":"\#(token)"}"#)
    }

    private func getUser(_ calls: CognitoCalls, _ tokens: JSONValue) async throws -> String? {
        let token = try #require(tokens["AccessToken"]?.string)
        return try await calls.host.error(of: "cognito-idp", "GetUser", #"{"AccessToken":"\#(token)"}"#)?.code
    }

    @Test("Revoking a refresh token ends its own session only; signing out everywhere ends all")
    func revocation() async throws {
        try await CognitoCalls.with { calls in
            try await calls.createUser("ann", email: "ann@example.com")
            let (first, second) = (try await calls.signIn("ann"), try await calls.signIn("ann"))
            #expect(try await refresh(calls, first) == nil)
            #expect(try await getUser(calls, first) == nil)
            try await calls.call("RevokeToken", #""Token":"\#(first["RefreshToken"]?.string ?? "")""#)
            #expect(try await refresh(calls, first) == "NotAuthorizedException")
            #expect(try await getUser(calls, first) == "NotAuthorizedException")
            #expect(try await refresh(calls, second) == nil)
            #expect(try await getUser(calls, second) == nil)
            let access = try #require(second["AccessToken"]?.string)
            try await calls.host.call("cognito-idp", "GlobalSignOut", #"{"AccessToken":"\#(access)"}"#)
            #expect(try await refresh(calls, second) == "NotAuthorizedException")
            #expect(try await getUser(calls, second) == "NotAuthorizedException")
            calls.host.clock.advance(by: .seconds(1))
            #expect(try await getUser(calls, calls.signIn("ann")) == nil)
        }
    }

    @Test("An access token lasts an hour, a refresh token thirty days")
    func expiry() async throws {
        try await CognitoCalls.with { calls in
            try await calls.createUser("ann", email: "ann@example.com")
            let tokens = try await calls.signIn("ann")
            calls.host.clock.advance(by: .seconds(3600))
            #expect(try await getUser(calls, tokens) == "NotAuthorizedException")
            #expect(try await refresh(calls, tokens) == nil)
            calls.host.clock.advance(by: .seconds(30 * 86_400))
            #expect(try await refresh(calls, tokens) == "NotAuthorizedException")
        }
    }

    @Test("Where addresses are user names, an address is taken once, whatever its case")
    func addressesAsNames() async throws {
        try await CognitoCalls.with(pool: #","UsernameAttributes":["email"]"#) { calls in
            try await calls.createUser("ann@example.com", email: "ann@example.com")
            #expect(
                try await calls.code(
                    "SignUp", CognitoCalls.signUpMembers("ANN@example.com", email: "ANN@example.com"))
                    == "UsernameExistsException")
            #expect(
                try await calls.code("SignUp", CognitoCalls.signUpMembers("ann", email: "b@example.com"))
                    == "InvalidParameterException")
            #expect(try await calls.signIn("Ann@Example.com")["IdToken"]?.string != nil)
        }
    }

    @Test("An administrator's user must choose a password, once, before there are tokens")
    func newPassword() async throws {
        try await CognitoCalls.with { calls in
            try await calls.administer(
                "AdminCreateUser", #""Username":"bob","TemporaryPassword":"Temp-1234","MessageAction":"SUPPRESS""#)
            let challenge = try await calls.call("InitiateAuth", CognitoCalls.credentials("bob", "Temp-1234"))
            #expect(challenge["ChallengeName"]?.string == "NEW_PASSWORD_REQUIRED")
            #expect(challenge["AuthenticationResult"] == nil)
            let session = try #require(challenge["Session"]?.string)
            func answer(_ password: String) -> String {
                #""ChallengeName":"NEW_PASSWORD_REQUIRED","Session":"\#(session)","ChallengeResponses":{"USERNAME":"bob","NEW_PASSWORD":"\#(password)"}"#
            }
            #expect(try await calls.code("RespondToAuthChallenge", answer("weak")) == "InvalidPasswordException")
            let reply = try await calls.call("RespondToAuthChallenge", answer(CognitoCalls.password))
            #expect(reply["AuthenticationResult"]?["IdToken"]?.string != nil)
            #expect(try await calls.code("RespondToAuthChallenge", answer("Other-123")) == "NotAuthorizedException")
            #expect(try await calls.signIn("bob")["IdToken"]?.string != nil)
        }
    }

    @Test(
        "Users are listed by attribute, equal or by prefix, whatever stands in the value",
        arguments: [
            (#"username ^= \"an\""#, ["ann", "anton"]), (#"email = \"bob@example.com\""#, ["bob"]),
            (#"email=\"a^=b@example.com\""#, ["ann"]), (#"email ^= \"a^=\""#, ["ann"]),
            (#"status = \"Enabled\""#, ["ann", "anton", "bob"]), (#"email = \"nobody\""#, []),
        ])
    func filters(filter: String, names: [String]) async throws {
        try await CognitoCalls.with { calls in
            for (name, email) in [("ann", "a^=b"), ("anton", "anton"), ("bob", "bob")] {
                try await calls.administer(
                    "AdminCreateUser",
                    #""Username":"\#(name)","MessageAction":"SUPPRESS","UserAttributes":[{"Name":"email","Value":"\#(email)@example.com"}]"#
                )
            }
            let reply = try await calls.administer("ListUsers", #""Filter":"\#(filter)""#)
            #expect(reply["Users"]?.elements.map { $0["Username"]?.string } == names)
        }
    }

    @Test("A filter that is none is refused", arguments: ["email", "email = bob", #"email ~ \"bob\""#, "="])
    func badFilters(filter: String) async throws {
        try await CognitoCalls.with { calls in
            let error = try await calls.host.error(
                of: "cognito-idp", "ListUsers", #"{"UserPoolId":"\#(calls.pool)","Filter":"\#(filter)"}"#)
            #expect(error?.code == "InvalidParameterException")
        }
    }
}
