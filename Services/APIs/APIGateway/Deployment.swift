import ServiceKit

/// An immutable snapshot of an API's definition.
struct Deployment: Sendable, OutputShape {
    let id: String
    let description: String?
    let created: Timestamp

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("description", description)
        json.member("createdDate", created)
    }

    /// Everything a gateway needs to serve the API: `{"api":…,"resources":[…],"authorizers":[…]}`.
    static func snapshot(of api: RestAPI, _ resources: [Resource], _ authorizers: [Authorizer]) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("api", api)
            json.member("account", api.account)
            json.member("region", api.region)
            json.member("resources") { json in
                json.array { json in
                    for resource in resources { json.object { resource.write(to: &$0, withMethods: true) } }
                }
            }
            json.member("authorizers", authorizers)
        }
        return json.bytes
    }
}

/// Who decides over a method's callers.
struct Authorizer: Sendable, OutputShape {
    let id: String
    var members: StoredMembers

    static let memberNames = [
        "name", "type", "providerARNs", "authType", "authorizerUri", "authorizerCredentials", "identitySource",
        "identityValidationExpression", "authorizerResultTtlInSeconds",
    ]

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        members.write(to: &json)
    }
}
