import ServiceKit

/// Changes who may use a function's URL, and from which pages.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionUrlConfig.html)
struct UpdateFunctionUrlConfig: AWSOperation {
    let store: LambdaStore

    func permissions(for input: FunctionURLInput, in call: Call) throws -> [Permission] {
        [try input.permission(in: call)]
    }

    func perform(_ input: FunctionURLInput, in call: Call) async throws -> FunctionURLOutput {
        let (key, qualifier) = try (input.name.functionName.key(in: call), input.qualifier)
        let url = try await store.write { transaction in
            var url = try transaction.functionURL(of: key, qualifier: qualifier)
            url.authentication = input.settings.authentication ?? url.authentication
            url.cors = input.settings.cors ?? url.cors
            url.modified = call.now
            try transaction.put(url)
            return url
        }
        return FunctionURLOutput(url: url, endpoint: call.source.endpoint)
    }
}
