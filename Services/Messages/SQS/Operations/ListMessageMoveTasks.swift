import ServiceKit

/// Lists the latest move tasks of a dead-letter queue.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html)
struct ListMessageMoveTasks: AWSOperation {
    struct Input: InputShape {
        let source: QueueARN
        let limit: Int

        init(_ member: Members) throws {
            source = try member("SourceArn")
            limit = try member("MaxResults") ?? 1
        }
    }

    struct Output: OutputShape {
        let tasks: [Entry]
        func write(to json: inout JSONWriter) { json.member("Results", tasks) }
    }

    struct Entry: OutputShape {
        let task: MoveTask

        func write(to json: inout JSONWriter) {
            // AWS tells handles only of tasks that can be cancelled.
            if task.status == .running { json.member("TaskHandle", task.handle) }
            json.member("Status", task.status.rawValue)
            json.member("SourceArn", task.sourceARN)
            json.member("DestinationArn", task.destinationARN)
            json.member("MaxNumberOfMessagesPerSecond", task.perSecond)
            json.member("ApproximateNumberOfMessagesMoved", task.moved)
            json.member("ApproximateNumberOfMessagesToMove", task.total)
            json.member("FailureReason", task.failure)
            json.member("StartedTimestamp", task.started.milliseconds)
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.source.address(of: "SourceArn"))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard (1...10).contains(input.limit) else {
            throw ServiceError.invalidParameter(
                "MaxResults", input.limit, because: "Must be between 1 and 10, if provided.")
        }
        let address = try input.source.address(of: "SourceArn")
        let tasks = try await queues.read { snapshot in
            guard let queue = try snapshot.queue(at: address) else { throw ServiceError.noResource(in: "SourceArn") }
            return try snapshot.moveTasks(of: queue, limit: input.limit)
        }
        return Output(tasks: tasks.map(Entry.init))
    }
}
