import ServiceKit

/// Gives a version a name.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html)
struct CreateAlias: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let name: String
        let functionVersion: String
        let description: String?
        let routingConfig: RoutingConfiguration?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            name = try member("Name")
            functionVersion = try member("FunctionVersion")
            description = try member("Description")
            routingConfig = try member("RoutingConfig")
        }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Alias {
        let key = input.functionName.key(in: call)
        let alias = Alias(
            key: key, name: input.name, version: input.functionVersion, description: input.description ?? "",
            routing: try input.routingConfig?.validated(), revisionID: Identifier.uuid())
        return try await store.write { transaction in
            try transaction.requireVersions(of: alias)
            if try transaction.alias(alias.name, of: key) != nil {
                throw ServiceError.aliasExists(key.arn(alias.name).description)
            }
            try transaction.put(alias)
            return alias
        }
    }
}

extension Transaction {
    /// Both versions an alias points to must exist.
    func requireVersions(of alias: Alias) throws {
        for version in [alias.version] + (alias.routing?.weights.keys.map { $0 } ?? [])
        where try self.version(version, of: alias.key) == nil {
            throw ServiceError.functionNotFound(alias.key.arn(version).description)
        }
    }
}
