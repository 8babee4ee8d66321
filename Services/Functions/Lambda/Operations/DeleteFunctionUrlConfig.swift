import ServiceKit

/// Takes a function's URL away; its identifier is never given again.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionUrlConfig.html)
struct DeleteFunctionUrlConfig: AWSOperation {
    let store: LambdaStore

    func permissions(for input: QualifiedName, in call: Call) throws -> [Permission] {
        let qualifier = try input.functionName.qualifier(or: input.qualifier)
        return [Permission(on: input.functionName.key(in: call).arn(qualifier))]
    }

    func perform(_ input: QualifiedName, in call: Call) async throws -> NoOutput {
        let (key, qualifier) = (
            input.functionName.key(in: call), try input.functionName.qualifier(or: input.qualifier)
        )
        let wasThere = try await store.write { try $0.deleteFunctionURL(of: key, qualifier: qualifier) }
        guard wasThere else { throw ServiceError.urlNotFound }
        return NoOutput()
    }
}
