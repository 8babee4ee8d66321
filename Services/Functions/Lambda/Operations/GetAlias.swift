import ServiceKit

/// Describes an alias.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html)
struct GetAlias: AWSOperation {
    let store: LambdaStore

    func permissions(for input: AliasName, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: AliasName, in call: Call) async throws -> Alias {
        let key = input.functionName.key(in: call)
        guard let alias = try await store.read({ try $0.alias(input.name, of: key) }) else {
            throw ServiceError.aliasNotFound(key.arn(input.name).description)
        }
        return alias
    }
}

/// The input of operations on one alias.
struct AliasName: InputShape {
    let functionName: FunctionName
    let name: String

    init(_ member: Members) throws {
        functionName = try member("FunctionName")
        name = try member("Name")
    }
}
