import ServiceKit

/// Lists the functions of an account and region.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html)
struct ListFunctions: AWSOperation {
    struct Input: InputShape {
        let functionVersion: String?
        let marker: String?
        let maxItems: Int?

        init(_ member: Members) throws {
            functionVersion = try member("FunctionVersion")
            marker = try member("Marker")
            maxItems = try member("MaxItems")
        }
    }

    struct Output: OutputShape {
        let functions: [FunctionVersion]
        let nextMarker: String?

        func write(to json: inout JSONWriter) {
            json.member("Functions", functions)
            json.member("NextMarker", nextMarker)
        }
    }

    /// What AWS answers at most, whatever is asked.
    private static let pageLimit = 50
    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let limit = min(input.maxItems ?? Self.pageLimit, Self.pageLimit)
        return try await store.read { snapshot in
            let page = try snapshot.latestVersions(
                account: call.account, region: call.region, after: input.marker ?? "", limit: limit)
            let all = input.functionVersion == "ALL" ? try page.flatMap { try snapshot.versions(of: $0.key) } : page
            return Output(functions: all, nextMarker: page.count == limit ? page.last?.key.name : nil)
        }
    }
}
