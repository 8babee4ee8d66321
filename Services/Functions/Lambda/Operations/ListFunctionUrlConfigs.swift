import ServiceKit

/// Lists the URLs of a function: its own, and its aliases'.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html)
struct ListFunctionUrlConfigs: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let marker: String?
        let maxItems: Int?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            marker = try member("Marker")
            maxItems = try member("MaxItems")
        }
    }

    struct Output: OutputShape {
        let urls: [FunctionURLOutput]
        let nextMarker: String?

        func write(to json: inout JSONWriter) {
            json.member("FunctionUrlConfigs", urls)
            json.member("NextMarker", nextMarker)
        }
    }

    private static let pageLimit = 50
    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let key = input.functionName.key(in: call)
        let limit = min(input.maxItems ?? Self.pageLimit, Self.pageLimit)
        let found = try await store.read { snapshot in
            guard try snapshot.function(key) != nil else { throw ServiceError.functionNotFound(key.arn.description) }
            return try snapshot.functionURLs(of: key, after: input.marker, limit: limit + 1)
        }
        let page = found.prefix(limit)
        return Output(
            urls: page.map { FunctionURLOutput(url: $0, endpoint: call.source.endpoint) },
            nextMarker: found.count > page.count ? page.last?.qualifier : nil)
    }
}
