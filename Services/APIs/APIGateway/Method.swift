import ServiceKit

/// A method of a resource in the form of AWS's `Method` shape, which is also how it is stored and deployed.
struct Method: Sendable, InputShape, OutputShape {
    var members: StoredMembers
    var responses: [String: StoredMembers]
    var integration: Integration?

    static let memberNames = [
        "authorizationType", "authorizerId", "apiKeyRequired", "requestValidatorId", "operationName",
        "requestParameters", "requestModels", "authorizationScopes",
    ]
    private static let responseNames = ["statusCode", "responseParameters", "responseModels"]

    init(_ httpMethod: String, members: StoredMembers) {
        self.members = members
        self.members.set("httpMethod", httpMethod)
        responses = [:]
    }

    init(_ member: Members) throws {
        members = try StoredMembers(member, names: Method.memberNames + ["httpMethod"])
        let stored: [String: JSONValue] = try member("methodResponses") ?? [:]
        responses = try stored.mapValues { try StoredMembers(Members($0), names: Method.responseNames) }
        integration = try member("methodIntegration")
    }

    func write(to json: inout JSONWriter) {
        members.write(to: &json)
        if !responses.isEmpty { json.member("methodResponses", responses) }
        json.member("methodIntegration", integration)
    }
}

/// What stands behind a method.
struct Integration: Sendable, InputShape, OutputShape {
    var members: StoredMembers
    var responses: [String: StoredMembers]

    /// As PutIntegration names them; `integrationHttpMethod` is `httpMethod` in the shape it answers.
    static let memberNames = [
        "type", "uri", "connectionType", "connectionId", "credentials", "requestParameters", "requestTemplates",
        "passthroughBehavior", "contentHandling", "timeoutInMillis", "cacheNamespace", "cacheKeyParameters",
        "tlsConfig", "responseTransferMode", "integrationTarget",
    ]
    static let responseNames = [
        "statusCode", "selectionPattern", "responseParameters", "responseTemplates", "contentHandling",
    ]

    init(members: StoredMembers) {
        self.members = members
        responses = [:]
    }

    init(_ member: Members) throws {
        members = try StoredMembers(member, names: Integration.memberNames + ["httpMethod"])
        let stored: [String: JSONValue] = try member("integrationResponses") ?? [:]
        responses = try stored.mapValues { try StoredMembers(Members($0), names: Integration.responseNames) }
    }

    func write(to json: inout JSONWriter) {
        members.write(to: &json)
        if !responses.isEmpty { json.member("integrationResponses", responses) }
    }
}
