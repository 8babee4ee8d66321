import ServiceKit

/// Says that no code signing is configured, which deployers ask of every function.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionCodeSigningConfig.html)
struct GetFunctionCodeSigningConfig: AWSOperation {
    struct Output: OutputShape {
        let functionName: String

        func write(to json: inout JSONWriter) {
            // The model requires the member; an empty one is AWS's answer for none.
            json.member("CodeSigningConfigArn", "")
            json.member("FunctionName", functionName)
        }
    }

    let store: LambdaStore

    func permissions(for input: UnqualifiedName, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: UnqualifiedName, in call: Call) async throws -> Output {
        Output(functionName: try await store.resolve(input.functionName, nil, in: call).version.key.name)
    }
}
