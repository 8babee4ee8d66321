import ServiceKit

/// Serves a request to a function's URL, as the gateway hands it over.
///
/// No operation of the API: its name is the IAM action that such requests need. Whoever may use the URL is decided as
/// for any operation, by the function's policy and, for signed requests, the caller's.
struct InvokeFunctionUrl: AWSOperation {
    /// The gateway's parameters: the URL's identifier, and why a signature is none.
    static let idParameter = "UrlId"
    static let faultParameter = "SignatureFault"
    private static let payloadLimit = 6_291_456

    let store: LambdaStore
    let fleet: Fleet

    func permissions(for input: PlaneRequest, in call: Call) async throws -> [Permission] {
        let url = try await url(input)
        if isPreflight(input, for: url) { return [] }
        if url.authentication == .iam, let fault = input.parameters[Self.faultParameter] {
            throw ServiceError("InvalidSignatureException", fault, status: 403)
        }
        let statements = try await store.read { try $0.statements(of: url.key, qualifier: url.qualifier ?? "") }
        let policy = statements.isEmpty ? nil : try Policy.parse(PolicyStatement.policy(of: statements))
        return [
            Permission(
                on: url.arn, resourcePolicy: policy,
                context: ["lambda:FunctionUrlAuthType": [url.authentication.rawValue]])
        ]
    }

    func perform(_ input: PlaneRequest, in call: Call) async throws -> PlaneResponse {
        let url = try await url(input)
        let origin = input.headers.first { $0.name.lowercased() == "origin" }?.value
        if isPreflight(input, for: url), let origin, let rules = url.cors { return rules.preflight(for: origin) }
        var response = try await invoke(url, input, call)
        if let origin, let rules = url.cors {
            response.headers.removeAll { $0.name.lowercased().hasPrefix("access-control-") }
            response.headers += rules.headers(for: origin)
        }
        return response
    }

    private func invoke(_ url: FunctionURL, _ input: PlaneRequest, _ call: Call) async throws -> PlaneResponse {
        let function = try await store.resolve(url.key, url.qualifier)
        var event = JSONWriter(capacity: 2048)
        event.value(FunctionURLEvent(url: url, request: input, call: call))
        guard event.bytes.count <= Self.payloadLimit else {
            throw ServiceError.requestTooLarge(Self.payloadLimit, "InvokeFunction")
        }
        let request = InvocationRequest(
            requestID: call.requestID, payload: event.bytes, functionARN: function.arn.description)
        let result = try await fleet.invoke(function, request)
        return result.functionError == nil
            ? FunctionURLResponse.response(to: result.payload) : FunctionURLResponse.failure
    }

    private func url(_ input: PlaneRequest) async throws -> FunctionURL {
        let id = input.parameters[Self.idParameter] ?? ""
        guard let url = try await store.read({ try $0.functionURL(id) }) else { throw ServiceError.urlNotFound }
        return url
    }

    /// With rules of its own a URL answers browsers' questions itself; else the function does.
    private func isPreflight(_ input: PlaneRequest, for url: FunctionURL) -> Bool {
        func has(_ name: String) -> Bool { input.headers.contains { $0.name.lowercased() == name } }
        return url.cors != nil && input.method == "OPTIONS" && has("origin") && has("access-control-request-method")
    }
}
