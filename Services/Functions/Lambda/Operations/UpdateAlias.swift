import ServiceKit

/// Points an alias elsewhere.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html)
struct UpdateAlias: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let name: String
        let functionVersion: String?
        let description: String?
        let routingConfig: RoutingConfiguration?
        let revisionId: String?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            name = try member("Name")
            functionVersion = try member("FunctionVersion")
            description = try member("Description")
            routingConfig = try member("RoutingConfig")
            revisionId = try member("RevisionId")
        }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Alias {
        let key = input.functionName.key(in: call)
        return try await store.write { transaction in
            guard var alias = try transaction.alias(input.name, of: key) else {
                throw ServiceError.aliasNotFound(key.arn(input.name).description)
            }
            if let seen = input.revisionId, seen != alias.revisionID {
                throw ServiceError.preconditionFailed("GetAlias")
            }
            alias.version = input.functionVersion ?? alias.version
            alias.description = input.description ?? alias.description
            if let routing = input.routingConfig { alias.routing = try routing.validated() }
            alias.revisionID = Identifier.uuid()
            try transaction.requireVersions(of: alias)
            try transaction.put(alias)
            return alias
        }
    }
}
