import ServiceKit

/// Describes a function's URL.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionUrlConfig.html)
struct GetFunctionUrlConfig: AWSOperation {
    let store: LambdaStore

    func permissions(for input: QualifiedName, in call: Call) throws -> [Permission] {
        let qualifier = try input.functionName.qualifier(or: input.qualifier)
        return [Permission(on: input.functionName.key(in: call).arn(qualifier))]
    }

    func perform(_ input: QualifiedName, in call: Call) async throws -> FunctionURLOutput {
        let (key, qualifier) = (
            input.functionName.key(in: call), try input.functionName.qualifier(or: input.qualifier)
        )
        let url = try await store.read { try $0.functionURL(of: key, qualifier: qualifier) }
        return FunctionURLOutput(url: url, endpoint: call.source.endpoint)
    }
}
