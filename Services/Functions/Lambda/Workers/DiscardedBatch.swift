import ServiceKit

/// Records that a function could not take, as an on-failure destination is told of them.
struct DiscardedBatch: Sendable {
    let records: [StreamRecord]
    let shard: String
    let mapping: EventSourceMapping
    /// Of the function.
    let version: String
    let attempts: Int

    /// [Documented form](https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html)
    func document(at now: Timestamp) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("version", "1.0")
            json.member("timestamp", now.iso8601(milliseconds: true))
            json.member("requestContext") { $0.object(requestContext) }
            json.member("responseContext") {
                $0.object {
                    $0.member("statusCode", 200)
                    $0.member("executedVersion", version)
                    $0.member("functionError", "Unhandled")
                }
            }
            json.member("DDBStreamBatchInfo") { $0.object(batchInfo) }
        }
        return json.bytes
    }

    private func requestContext(_ json: inout JSONWriter) {
        json.member("requestId", Identifier.uuid())
        json.member("functionArn", mapping.functionARN)
        json.member("condition", "RetryAttemptsExhausted")
        json.member("approximateInvokeCount", attempts)
    }

    private func batchInfo(_ json: inout JSONWriter) {
        json.member("shardId", shard)
        json.member("startSequenceNumber", records.first?.sequence)
        json.member("endSequenceNumber", records.last?.sequence)
        json.member("approximateArrivalOfFirstRecord", records.first?.created.iso8601(milliseconds: false))
        json.member("approximateArrivalOfLastRecord", records.last?.created.iso8601(milliseconds: false))
        json.member("batchSize", records.count)
        json.member("streamArn", mapping.source)
    }
}
