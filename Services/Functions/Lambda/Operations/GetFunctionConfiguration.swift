import ServiceKit

/// Describes a function's settings.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html)
struct GetFunctionConfiguration: AWSOperation {
    let store: LambdaStore

    func permissions(for input: QualifiedName, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.functionName, input.qualifier, in: call)]
    }

    func perform(_ input: QualifiedName, in call: Call) async throws -> FunctionVersion {
        try await store.resolve(input.functionName, input.qualifier, in: call).version
    }
}
