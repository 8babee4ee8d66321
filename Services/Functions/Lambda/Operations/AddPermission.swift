import ServiceKit

/// Lets a service, an account or anybody use a function.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)
struct AddPermission: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let statementId: String
        let action: String
        let principal: String
        let sourceArn: String?
        let sourceAccount: String?
        let eventSourceToken: String?
        let qualifier: String?
        let revisionId: String?
        let principalOrgID: String?
        let functionUrlAuthType: String?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            statementId = try member("StatementId")
            action = try member("Action")
            principal = try member("Principal")
            sourceArn = try member("SourceArn")
            sourceAccount = try member("SourceAccount")
            eventSourceToken = try member("EventSourceToken")
            qualifier = try member("Qualifier")
            revisionId = try member("RevisionId")
            principalOrgID = try member("PrincipalOrgID")
            functionUrlAuthType = try member("FunctionUrlAuthType")
        }
    }

    struct Output: OutputShape {
        let statement: [UInt8]
        func write(to json: inout JSONWriter) { json.member("Statement", String(decoding: statement, as: UTF8.self)) }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let key = input.functionName.key(in: call)
        let qualifier = try input.functionName.qualifier(or: input.qualifier)
        _ = try await store.resolve(key, qualifier)
        let statement = PolicyStatement(
            id: input.statementId, action: input.action, principal: input.principal,
            resource: key.arn(qualifier).description, sourceARN: input.sourceArn, sourceAccount: input.sourceAccount,
            eventSourceToken: input.eventSourceToken, organization: input.principalOrgID,
            urlAuthentication: input.functionUrlAuthType)
        try await store.write { transaction in
            let present = try transaction.statements(of: key, qualifier: qualifier ?? "")
            try input.revisionId.map { try PolicyRevision(present).require($0) }
            guard !present.contains(where: { $0.id == statement.id }) else {
                throw ServiceError.statementExists(statement.id)
            }
            try transaction.insert(statement, into: key, qualifier: qualifier ?? "")
        }
        return Output(statement: statement.json)
    }
}
