import ServiceKit

/// Answers the policy attached to a table or a stream.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html)
struct GetResourcePolicy: AWSOperation {
    struct Input: InputShape {
        let resource: PolicyResource

        init(_ member: Members) throws { resource = try member("ResourceArn") }
    }

    struct Output: OutputShape {
        let policy: ResourcePolicy

        func write(to json: inout JSONWriter) {
            json.member("Policy", policy.text)
            json.member("RevisionId", policy.revision)
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [input.resource.permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let policy = try input.resource.policy(of: input.resource.find(in: tables, call)) else {
            throw ServiceError.policyNotFound(input.resource.arn)
        }
        return Output(policy: policy)
    }
}
