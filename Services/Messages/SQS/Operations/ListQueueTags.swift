import ServiceKit

/// Lists a queue's tags.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html)
struct ListQueueTags: AWSOperation {
    struct Output: OutputShape {
        let tags: [String: String]

        func write(to json: inout JSONWriter) {
            if !tags.isEmpty { json.member("Tags", tags) }
        }
    }

    let queues: QueueStore

    func permissions(for input: QueueInput, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: QueueInput, in call: Call) async throws -> Output {
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        return Output(tags: try await queues.read { try $0.tags(of: queue) })
    }
}
