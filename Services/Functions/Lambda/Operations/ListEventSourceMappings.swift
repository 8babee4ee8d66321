import ServiceKit

/// Lists mappings, of a function or a source where they are given.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html)
struct ListEventSourceMappings: AWSOperation {
    struct Input: InputShape {
        let eventSourceArn: String?
        let functionName: FunctionName?
        let marker: String?
        let maxItems: Int?

        init(_ member: Members) throws {
            eventSourceArn = try member("EventSourceArn")
            functionName = try member("FunctionName")
            marker = try member("Marker")
            maxItems = try member("MaxItems")
        }
    }

    struct Output: OutputShape {
        let mappings: [EventSourceMapping]
        let nextMarker: String?

        func write(to json: inout JSONWriter) {
            json.member("EventSourceMappings", mappings)
            json.member("NextMarker", nextMarker)
        }
    }

    private static let pageLimit = 100
    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let function = input.functionName.map { $0.key(in: call).arn($0.qualifier).description }
        let limit = min(input.maxItems ?? Self.pageLimit, Self.pageLimit)
        let mappings = try await store.read {
            try $0.mappings(
                account: call.account, region: call.region, function: function, source: input.eventSourceArn,
                after: input.marker ?? "", limit: limit)
        }
        return Output(mappings: mappings, nextMarker: mappings.count == limit ? mappings.last?.id : nil)
    }
}
