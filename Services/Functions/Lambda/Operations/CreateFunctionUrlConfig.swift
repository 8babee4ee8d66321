import ServiceKit

/// Gives a function, or one of its aliases, a URL.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html)
struct CreateFunctionUrlConfig: AWSOperation {
    let store: LambdaStore

    func permissions(for input: FunctionURLInput, in call: Call) throws -> [Permission] {
        [try input.permission(in: call)]
    }

    func perform(_ input: FunctionURLInput, in call: Call) async throws -> FunctionURLOutput {
        let (key, qualifier) = try (input.name.functionName.key(in: call), input.qualifier)
        _ = try await store.resolve(key, qualifier)
        let url = FunctionURL(
            id: Identifier.lowercase(32), key: key, qualifier: qualifier,
            authentication: input.settings.authentication ?? .iam, cors: input.settings.cors, created: call.now,
            modified: call.now)
        try await store.write { transaction in
            if (try? transaction.functionURL(of: key, qualifier: qualifier)) != nil {
                throw ServiceError.urlExists(url.arn)
            }
            try transaction.put(url)
        }
        return FunctionURLOutput(url: url, endpoint: call.source.endpoint, showsModification: false)
    }
}

/// The input of operations that make or change a function's URL.
struct FunctionURLInput: InputShape {
    let name: QualifiedName
    let settings: FunctionURLSettings

    init(_ member: Members) throws {
        name = try QualifiedName(member)
        settings = try FunctionURLSettings(member)
    }

    var qualifier: String? { get throws { try name.functionName.qualifier(or: name.qualifier) } }

    func permission(in call: Call) throws -> Permission {
        let context = settings.authentication.map { ["lambda:FunctionUrlAuthType": [$0.rawValue]] }
        return Permission(on: name.functionName.key(in: call).arn(try qualifier), context: context ?? [:])
    }
}
