import ServiceKit

/// Returns to the defaults for asynchronous invocations.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionEventInvokeConfig.html)
struct DeleteFunctionEventInvokeConfig: AWSOperation {
    let store: LambdaStore

    func permissions(for input: QualifiedName, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: QualifiedName, in call: Call) async throws -> NoOutput {
        let key = input.functionName.key(in: call)
        let qualifier = try input.functionName.qualifier(or: input.qualifier) ?? FunctionVersion.latest
        let wasThere = try await store.write { try $0.deleteEventConfiguration(of: key, qualifier: qualifier) }
        guard wasThere else { throw ServiceError.noEventConfiguration(key.arn(qualifier).description) }
        return NoOutput()
    }
}
