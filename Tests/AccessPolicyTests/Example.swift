import Testing
import Time

@testable import AccessPolicy

/// Principals, requests and policies that the tables below combine.
enum Example {
    static let account = "111122223333"
    static let otherAccount = "444455556666"
    static let now = Timestamp(seconds: 1_795_248_000)

    static let user = AccessPrincipal(
        .user, account: account, arn: "arn:aws:iam::\(account):user/dev/ann", userID: "AIDAANN",
        context: ["aws:PrincipalTag/team": ["red"]])
    static let roleARN = "arn:aws:iam::\(account):role/app/Worker"
    static let session = AccessPrincipal(
        .assumedRole, account: account, arn: "arn:aws:sts::\(account):assumed-role/Worker/job-1", roleARN: roleARN,
        userID: "AROAWORKER:job-1", context: ["cognito-identity.amazonaws.com:sub": ["eu-west-1:abc"]])
    static let root = AccessPrincipal(.root, account: account, arn: "arn:aws:iam::\(account):root", userID: account)
    static let service = AccessPrincipal(.service, arn: "lambda.amazonaws.com")
    static let anonymous = AccessPrincipal(.anonymous, arn: "*")

    static func request(
        _ action: String = "s3:GetObject", on resource: String = "arn:aws:s3:::photos/ann/1.jpg",
        by principal: AccessPrincipal = user, owner: String? = account, context: [String: [String]] = [:]
    ) -> AccessRequest {
        var request = AccessRequest(
            principal, action, on: resource, resourceAccount: owner, at: now, context: context)
        request.sourceAddress = "203.0.113.7"
        request.isSecure = true
        request.userAgent = "aws-cli/2.0"
        request.region = "eu-west-1"
        request.tlsVersion = "TLSv1.3"
        request.referer = "https://example.com/gallery"
        request.signature = RequestSignature(
            .query, algorithm: "AWS4-HMAC-SHA256", date: now - .seconds(90), payload: "UNSIGNED-PAYLOAD")
        return request
    }

    /// An identity policy of one statement.
    static func identity(
        _ effect: String = "Allow", _ action: String = "s3:*", on resource: String = "*", if condition: String? = nil
    ) throws -> Policy {
        try Policy.parse(
            """
            {"Version":"2012-10-17","Statement":{"Effect":"\(effect)","Action":"\(action)","Resource":"\(resource)"
            \(condition.map { ",\"Condition\":\($0)" } ?? "")}}
            """, as: .identity, name: "identity")
    }

    /// A resource's policy of one statement.
    static func resource(
        _ principal: String, effect: String = "Allow", action: String = "s3:*", element: String = "Principal",
        if condition: String? = nil
    ) throws -> Policy {
        try Policy.parse(
            """
            {"Version":"2012-10-17","Statement":[{"Sid":"one","Effect":"\(effect)","\(element)":\(principal),
            "Action":"\(action)","Resource":"*"\(condition.map { ",\"Condition\":\($0)" } ?? "")}]}
            """, as: .resource, name: "resource")
    }

    /// Whether a policy with the condition allows the request.
    static func holds(_ condition: String, _ context: [String: [String]] = [:], by principal: AccessPrincipal = user)
        throws
        -> Bool
    {
        let policies = ApplicablePolicies(identity: [try identity(if: condition)])
        return policies.decide(request(by: principal, context: context)).isAllowed
    }
}
