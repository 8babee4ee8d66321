import CognitoIdentityPools
import CognitoUserPools
import IAM
import SES
import STS
import ServiceKit
import TestSupport
import Testing

/// A user pool with one client, and the email service, whose inbox holds the codes.
struct CognitoCalls {
    let host: TestHost
    let email: TestHost
    let pool: String
    let client: String

    static func with(
        pool settings: String = "", client clientSettings: String = "", _ body: (CognitoCalls) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            try await TestHost.with("email", folder: folder, { try SES.services(on: $0) }) { email in
                try email.serve()
                try await TestHost.with("auth", folder: folder, compose) { host in
                    try host.serve()
                    host.host.startWorkers()
                    let flows = #"["ALLOW_USER_PASSWORD_AUTH","ALLOW_USER_SRP_AUTH","ALLOW_REFRESH_TOKEN_AUTH"]"#
                    let pool = try await host.call(
                        "cognito-idp", "CreateUserPool",
                        #"{"PoolName":"p","AutoVerifiedAttributes":["email"]\#(settings)}"#)
                    let id = try #require(pool["UserPool"]?["Id"]?.string)
                    let client = try await host.call(
                        "cognito-idp", "CreateUserPoolClient",
                        #"{"UserPoolId":"\#(id)","ClientName":"c","ExplicitAuthFlows":\#(flows)\#(clientSettings)}"#)
                    let clientID = try #require(client["UserPoolClient"]?["ClientId"]?.string)
                    try await body(CognitoCalls(host: host, email: email, pool: id, client: clientID))
                }
            }
        }
    }

    private static func compose(_ host: ServiceHost) throws -> [AWSService] {
        let iam = try IAM.parts(on: host)
        return try iam.services + [STS.service(on: host, iam)] + CognitoUserPools.services(on: host)
            + [CognitoIdentityPools.service(on: host, iam)]
    }

    /// Calls as the application does: its client, and further members.
    @discardableResult
    func call(_ operation: String, _ members: String) async throws -> JSONValue {
        try await host.call("cognito-idp", operation, #"{"ClientId":"\#(client)",\#(members)}"#)
    }

    func code(_ operation: String, _ members: String) async throws -> String? {
        try await host.error(of: "cognito-idp", operation, #"{"ClientId":"\#(client)",\#(members)}"#)?.code
    }

    @discardableResult
    func administer(_ operation: String, _ members: String) async throws -> JSONValue {
        try await host.call("cognito-idp", operation, #"{"UserPoolId":"\#(pool)",\#(members)}"#)
    }

    static let password = "Secret-123"

    func signUp(_ name: String, email: String) async throws {
        try await call("SignUp", Self.signUpMembers(name, email: email))
    }

    static func signUpMembers(_ name: String, email: String, password: String = password) -> String {
        #""Username":"\#(name)","Password":"\#(password)","UserAttributes":[{"Name":"email","Value":"\#(email)"}]"#
    }

    /// A user who can sign in.
    func createUser(_ name: String, email: String) async throws {
        try await signUp(name, email: email)
        try await administer("AdminConfirmSignUp", #""Username":"\#(name)""#)
    }

    static func credentials(_ name: String, _ password: String = password) -> String {
        #""AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"\#(name)","PASSWORD":"\#(password)"}"#
    }

    func signIn(_ name: String, _ password: String = password) async throws -> JSONValue {
        try #require(try await call("InitiateAuth", Self.credentials(name, password))["AuthenticationResult"])
    }

    /// The code in the latest mail to an address; waits for that many mails.
    func mailedCode(to address: String, mails: Int = 1) async throws -> String {
        var texts: [String] = []
        try await host.until {
            let inbox = try await email.call(
                "apus.email", "ListInbox", #"{"Recipient":"\#(address)"}"#, as: .service("gateway.apus"))
            texts = inbox["messages"]?.elements.compactMap { $0["RawData"]?.string } ?? []
            return texts.count >= mails
        }
        let digits = try #require(texts.first).split { !$0.isNumber }.filter { $0.count == 6 }
        return String(try #require(digits.last))
    }
}
