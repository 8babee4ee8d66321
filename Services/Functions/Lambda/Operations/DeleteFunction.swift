import ServiceKit

/// Deletes a function with all its versions, or one version.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html)
struct DeleteFunction: AWSOperation {
    let store: LambdaStore
    let fleet: Fleet

    func permissions(for input: QualifiedName, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.functionName, input.qualifier, in: call)]
    }

    func perform(_ input: QualifiedName, in call: Call) async throws -> NoOutput {
        let key = input.functionName.key(in: call)
        let qualifier = try input.functionName.qualifier(or: input.qualifier)
        try await store.write { transaction in
            guard try transaction.function(key) != nil else {
                throw ServiceError.functionNotFound(key.arn(qualifier).description)
            }
            guard let qualifier else { return try transaction.deleteFunction(key) }
            try transaction.deleteOneVersion(qualifier, of: key)
        }
        fleet.retire(key)
        return NoOutput()
    }
}

extension Transaction {
    fileprivate func deleteOneVersion(_ version: String, of key: FunctionKey) throws {
        guard version != FunctionVersion.latest else {
            throw ServiceError.invalid("$LATEST version cannot be deleted without deleting the function.")
        }
        let aliases = try aliases(of: key, version: version).map(\.name)
        guard aliases.isEmpty else { throw ServiceError.versionInUse(aliases) }
        try deleteVersion(version, of: key)
    }
}
