import ServiceKit

/// Invokes functions as API Gateway on behalf of an API; their policies see which.
struct LambdaInvoker: Sendable {
    /// What a function answered: JSON, or the error it ended with.
    struct Answer {
        let payload: JSONValue
        let isError: Bool
    }

    let client: ServiceClient

    /// - Parameter source: what of the API the function works for: a method's ARN, or an authorizer's.
    /// - Throws: `Refusal` where the function cannot be asked or answers no JSON.
    func invoke(
        _ function: String, _ event: [UInt8], for source: ARN, timeout: Duration
    ) async throws -> Answer {
        var caller = Caller.service("apigateway.amazonaws.com", account: source.account)
        caller.context["aws:SourceArn"] = [source.description]
        caller.context["aws:SourceAccount"] = [source.account]
        var options = ServiceClient.Options()
        options.region = source.region
        options.timeout = timeout
        let output: JSONValue
        do {
            output = try await client.call("lambda", "Invoke", as: caller, options: options) { json in
                json.member("FunctionName", function)
                json.member("InvocationType", "RequestResponse")
                json.member("Payload", Blob(event))
            }.output
        } catch let error as ServiceError {
            throw error.code == "RequestTimeout" ? Refusal.timedOut : Refusal.internalError
        }
        guard let payload = output["Payload"]?.withStringBytes({ Base64.decode($0) }), let payload,
            let value = try? JSONDocument(payload).root
        else { throw Refusal.badIntegrationAnswer }
        return Answer(payload: value, isError: output["FunctionError"] != nil)
    }
}
