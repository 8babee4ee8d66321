import IAM
import STS
import ServiceKit
import TestSupport
import Testing

/// IAM and STS on a store of their own, with shorthand for what the tests do over and over.
struct AuthCalls: Sendable {
    static let account = TestHost.account
    let host: TestHost

    static func with(
        folder: String? = nil, authorizer: any Authorizer = AllowAll(), _ body: (AuthCalls) async throws -> Void
    ) async throws {
        try await TestHost.with("auth", folder: folder, authorizer: authorizer, compose) { host in
            try await body(AuthCalls(host: host))
        }
    }

    static func compose(_ host: ServiceHost) throws -> [AWSService] {
        let iam = try IAM.parts(on: host)
        return iam.services + [STS.service(on: host, iam)]
    }

    @discardableResult
    func iam(_ operation: String, _ input: String = "{}", as caller: Caller = .root(of: account)) async throws
        -> JSONValue
    {
        try await host.call("iam", operation, input, as: caller)
    }

    @discardableResult
    func sts(_ operation: String, _ input: String = "{}", as caller: Caller = .root(of: account)) async throws
        -> JSONValue
    {
        try await host.call("sts", operation, input, as: caller)
    }

    /// The code an operation of IAM is refused with.
    func code(_ operation: String, _ input: String = "{}") async throws -> String? {
        try await host.error(of: "iam", operation, input)?.code
    }

    /// Resolves a credential as the gateway does.
    func resolve(_ id: String, token: String? = nil) async throws -> JSONValue {
        try await host.call("apus.auth", "ResolveCredential", query(id, token), as: .service("gateway.apus"))
    }

    func refusal(of id: String, token: String? = nil) async throws -> ServiceError? {
        try await host.error(of: "apus.auth", "ResolveCredential", query(id, token), as: .service("gateway.apus"))
    }

    private func query(_ id: String, _ token: String?) -> String {
        let token = token.map { ",\"SessionToken\":\"\($0)\"" } ?? ""
        return #"{"AccessKeyId":"\#(id)","Date":"20261121","Region":"us-east-1","Service":"s3"\#(token)}"#
    }

    func caller(_ id: String, token: String? = nil) async throws -> Caller {
        try Members(await resolve(id, token: token))("Caller")
    }

    /// The names of the policies that apply to a user or role.
    func policies(of arn: String) async throws -> [String] {
        let reply = try await host.call(
            "apus.auth", "GetIdentityPolicies", #"{"Principal":"\#(arn)"}"#, as: .service("objects.apus"))
        return reply["Policies"]?.elements.compactMap { $0["Name"]?.string } ?? []
    }

    /// A policy document as it stands inside a JSON string.
    static func document(_ effect: String = "Allow", _ action: String = "s3:*", _ resource: String = "*") -> String {
        #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"\#(effect)\",\"Action\":\"\#(action)\",\"Resource\":\"\#(resource)\"}]}"#
    }

    /// A trust policy as it stands inside a JSON string.
    static func trust(_ principal: String, condition: String = "{}") -> String {
        let condition = condition.replacing("\"", with: "\\\"")
        let principal = principal.replacing("\"", with: "\\\"")
        return
            #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\#(principal),\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\",\"sts:AssumeRoleWithWebIdentity\"],\"Condition\":\#(condition)}]}"#
    }

    func createRole(_ name: String, trusting principal: String = #"{"Service":"lambda.amazonaws.com"}"#) async throws {
        try await iam(
            "CreateRole", #"{"RoleName":"\#(name)","AssumeRolePolicyDocument":"\#(Self.trust(principal))"}"#)
    }

    func createUser(_ name: String) async throws -> Caller {
        let user = try await iam("CreateUser", #"{"UserName":"\#(name)"}"#)["User"]
        return Caller(
            .user, account: Self.account, arn: try #require(user?["Arn"]?.string),
            userID: try #require(user?["UserId"]?.string), accessKeyID: "AKIATEST")
    }
}
