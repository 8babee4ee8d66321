import ServiceKit

/// Deletes an alias; one that is not there is deleted already.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_DeleteAlias.html)
struct DeleteAlias: AWSOperation {
    let store: LambdaStore

    func permissions(for input: AliasName, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: AliasName, in call: Call) async throws -> NoOutput {
        let key = input.functionName.key(in: call)
        try await store.write { try $0.deleteAlias(input.name, of: key) }
        return NoOutput()
    }
}
