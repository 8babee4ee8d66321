import ServiceKit

/// Lists the aliases of a function.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html)
struct ListAliases: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let functionVersion: String?
        let marker: String?
        let maxItems: Int?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            functionVersion = try member("FunctionVersion")
            marker = try member("Marker")
            maxItems = try member("MaxItems")
        }
    }

    struct Output: OutputShape {
        let aliases: [Alias]
        let nextMarker: String?

        func write(to json: inout JSONWriter) {
            json.member("Aliases", aliases)
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
        let aliases = try await store.read { snapshot in
            guard try snapshot.function(key) != nil else { throw ServiceError.functionNotFound(key.arn.description) }
            return try snapshot.aliases(
                of: key, version: input.functionVersion, after: input.marker ?? "", limit: limit)
        }
        return Output(aliases: aliases, nextMarker: aliases.count == limit ? aliases.last?.name : nil)
    }
}
