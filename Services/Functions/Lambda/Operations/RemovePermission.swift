import ServiceKit

/// Takes a statement out of a function's resource policy.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html)
struct RemovePermission: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let statementId: String
        let qualifier: String?
        let revisionId: String?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            statementId = try member("StatementId")
            qualifier = try member("Qualifier")
            revisionId = try member("RevisionId")
        }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let key = input.functionName.key(in: call)
        let qualifier = try input.functionName.qualifier(or: input.qualifier) ?? ""
        try await store.write { transaction in
            if let seen = input.revisionId {
                try PolicyRevision(transaction.statements(of: key, qualifier: qualifier)).require(seen)
            }
            guard try transaction.deleteStatement(input.statementId, of: key, qualifier: qualifier) else {
                throw ServiceError.statementNotFound(input.statementId)
            }
        }
        return NoOutput()
    }
}
