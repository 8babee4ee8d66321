import ServiceKit

/// Shows an event configuration.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionEventInvokeConfig.html)
struct GetFunctionEventInvokeConfig: AWSOperation {
    let store: LambdaStore

    func permissions(for input: QualifiedName, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: QualifiedName, in call: Call) async throws -> EventConfiguration {
        let key = input.functionName.key(in: call)
        let qualifier = try input.functionName.qualifier(or: input.qualifier) ?? FunctionVersion.latest
        guard let found = try await store.read({ try $0.eventConfiguration(of: key, qualifier: qualifier) }) else {
            throw ServiceError.noEventConfiguration(key.arn(qualifier).description)
        }
        return found
    }
}
