import ServiceKit

/// Shows a function's resource policy.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html)
struct GetPolicy: AWSOperation {
    struct Output: OutputShape {
        let statements: [PolicyStatement]

        func write(to json: inout JSONWriter) {
            json.member("Policy", String(decoding: PolicyStatement.policy(of: statements), as: UTF8.self))
            json.member("RevisionId", PolicyRevision(statements).id)
        }
    }

    let store: LambdaStore

    func permissions(for input: QualifiedName, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: QualifiedName, in call: Call) async throws -> Output {
        let key = input.functionName.key(in: call)
        let qualifier = try input.functionName.qualifier(or: input.qualifier)
        let statements = try await store.read { try $0.statements(of: key, qualifier: qualifier ?? "") }
        guard !statements.isEmpty else {
            _ = try await store.resolve(key, qualifier)
            throw ServiceError.noPolicy
        }
        return Output(statements: statements)
    }
}
