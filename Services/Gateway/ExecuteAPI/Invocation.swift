import HTTP
import HTTPTypes
import ServiceKit

/// One request on its way to an integration.
struct Invocation: Sendable {
    let request: HTTPRequest
    let target: ExecuteAPI.Target
    let stage: StageDefinition
    let match: RouteTable.Match
    var authorization: MethodAuthorizer.Authorization
    /// The API key it was let through with, where the method asks for one.
    var key: KeyDefinition?
    let requestID: String
    let now: Timestamp

    var integration: IntegrationDefinition { match.method.integration }

    /// The API key the client sent, or that the authorizer found it to have, as the API's `apiKeySource` says.
    var sentKey: String? {
        guard stage.takesKeyFromAuthorizer else { return request.head.fields["x-api-key"] }
        guard case .function(let decision) = authorization else { return nil }
        return decision.usageKey
    }

    /// `${stageVariables.name}` replaced.
    func withStageVariables(_ text: String) -> String {
        var text = text
        for (name, value) in stage.variables { text = text.replacing("${stageVariables.\(name)}", with: value) }
        return text
    }

    /// Stage, path and the parameters the integration names as its cache keys.
    var cacheKey: String {
        var key = "\(target.apiID)/\(target.stage)/\(stage.version) \(target.path)"
        for parameter in integration.cacheKeyParameters.sorted() {
            let parts = parameter.split(separator: ".", maxSplits: 3).map(String.init)
            guard parts.count == 4 else { continue }
            let value: String?
            switch parts[2] {
            case "header": value = request.head.fields[parts[3]]
            case "querystring": value = request.head.queryItems.first { $0.name == parts[3] }?.value
            default: value = match.parameters[parts[3]]
            }
            key += "\n\(parameter)=\(value.map { PercentEncoding.string($0) } ?? "\u{0}")"
        }
        return key
    }

    /// The whole body.
    ///
    /// - Throws: `Refusal.tooLarge` beyond API Gateway's 10 MB.
    func body() async throws -> [UInt8] {
        do {
            return try await request.body.collect(upTo: ExecuteAPI.largestBody)
        } catch ByteStreamError.tooLong {
            throw Refusal.tooLarge
        }
    }
}
