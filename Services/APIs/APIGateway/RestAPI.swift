import ServiceKit

/// A REST API: its settings and the identifier of its root resource.
struct RestAPI: Sendable {
    let id: String
    let region: String
    let account: String
    let rootResourceID: String
    var members: StoredMembers
    let created: Timestamp

    static let memberNames = [
        "name", "description", "version", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource",
        "endpointConfiguration", "policy", "tags", "disableExecuteApiEndpoint", "securityPolicy", "endpointAccessMode",
    ]

    /// `arn:aws:apigateway:us-east-1::/restapis/a1b2…`, the form of API Gateway's permissions.
    static func arn(_ path: String, in call: Call) -> ARN { ARN("apigateway", region: call.region, path) }
}

extension RestAPI: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("createdDate", created)
        json.member("rootResourceId", rootResourceID)
        members.write(to: &json)
    }
}
