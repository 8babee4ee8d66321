import ServiceKit

/// Lists the streams of the caller, or of one table, those of the last day included.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html)
struct ListStreams: AWSOperation {
    struct Input: InputShape {
        let tableName: String?
        let limit: Int?
        let exclusiveStart: StreamReference?

        init(_ member: Members) throws {
            tableName = try member("TableName")
            limit = try member("Limit")
            exclusiveStart = try member("ExclusiveStartStreamArn")
        }
    }

    struct Output: OutputShape {
        struct Stream: OutputShape {
            let stream: StreamDefinition

            func write(to json: inout JSONWriter) {
                json.member("StreamArn", stream.arn)
                json.member("TableName", stream.tableName)
                json.member("StreamLabel", stream.label)
            }
        }

        let streams: [Stream]
        let lastEvaluated: ARN?

        func write(to json: inout JSONWriter) {
            json.member("Streams", streams)
            json.member("LastEvaluatedStreamArn", lastEvaluated)
        }
    }

    private static let limit = 100

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        guard let name = input.tableName else { return [Permission(on: "*")] }
        return [Permission(on: ARN("dynamodb", region: call.region, account: call.account, "table/\(name)/stream/*"))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let limit = input.limit ?? Self.limit
        guard limit <= Self.limit else {
            throw ServiceError.validation(
                "1 validation error detected: Value '\(limit)' at 'limit' failed to satisfy constraint: "
                    + "Member must have value less than or equal to \(Self.limit)")
        }
        let streams = try await tables.read { try $0.streams(account: call.account, region: call.region) }
        let rest = streams.filter { stream in
            guard input.tableName == nil || stream.tableName == input.tableName else { return false }
            guard let start = input.exclusiveStart else { return true }
            return (Text(stream.tableName), Text(stream.label)) > (Text(start.table), Text(start.label))
        }
        let page = rest.prefix(limit)
        return Output(
            streams: page.map(Output.Stream.init), lastEvaluated: page.count < rest.count ? page.last?.arn : nil)
    }
}
