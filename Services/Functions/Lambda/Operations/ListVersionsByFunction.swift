import ServiceKit

/// Lists the versions of a function, `$LATEST` first.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html)
struct ListVersionsByFunction: AWSOperation {
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
        let versions: [FunctionVersion]
        let nextMarker: String?

        func write(to json: inout JSONWriter) {
            json.member("Versions", versions)
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
        let versions = try await store.read { try $0.versions(of: key) }
        guard !versions.isEmpty else { throw ServiceError.functionNotFound(key.arn.description) }
        let start = input.marker.flatMap { marker in versions.firstIndex { $0.version == marker } }.map { $0 + 1 } ?? 0
        let page = versions[start...].prefix(min(input.maxItems ?? Self.pageLimit, Self.pageLimit))
        let isLast = page.endIndex == versions.endIndex
        return Output(versions: Array(page), nextMarker: isLast ? nil : page.last?.version)
    }
}
