import ServiceKit

/// Starts to move messages from a dead-letter queue to where they came from, or to another queue.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html)
struct StartMessageMoveTask: AWSOperation {
    struct Input: InputShape {
        let source: QueueARN
        let destination: QueueARN?
        let perSecond: Int?

        init(_ member: Members) throws {
            source = try member("SourceArn")
            destination = try member("DestinationArn")
            perSecond = try member("MaxNumberOfMessagesPerSecond")
        }
    }

    struct Output: OutputShape {
        let handle: String
        func write(to json: inout JSONWriter) { json.member("TaskHandle", handle) }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let source = try input.source.address(of: "SourceArn")
        var permissions: [Permission] = []
        for action in [nil, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"] {
            permissions.append(try await queues.permission(action, on: source))
        }
        if let destination = try input.destination?.address(of: "DestinationArn") {
            permissions.append(try await queues.permission("sqs:SendMessage", on: destination))
        }
        return permissions
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        if let rate = input.perSecond, !(1...500).contains(rate) {
            throw ServiceError.invalidParameter(
                "MaxNumberOfMessagesPerSecond", rate, because: "Must be between 1 and 500, if provided.")
        }
        let address = try input.source.address(of: "SourceArn")
        let destination = try input.destination?.address(of: "DestinationArn")
        let handle = try await queues.write { transaction in
            guard let source = try transaction.queue(at: address) else {
                throw ServiceError.noResource(in: "SourceArn")
            }
            try check(source, destination, in: transaction)
            transaction.afterCommit { queues.bell.ring(MessageMover.line) }
            return try transaction.insertMoveTask(
                from: source, to: destination?.arn.description, perSecond: input.perSecond,
                total: transaction.counts(of: source, at: call.now).visible, at: call.now)
        }
        return Output(handle: handle)
    }

    private func check(_ source: Queue, _ destination: QueueAddress?, in transaction: Transaction) throws {
        guard try !transaction.sourceNames(of: source, after: "", limit: 1).isEmpty else {
            throw ServiceError.invalidParameter("Source queue must be configured as a Dead Letter Queue.")
        }
        if let destination {
            guard try transaction.queue(at: destination) != nil else {
                throw ServiceError.noResource(in: "DestinationArn")
            }
            guard destination != source.address else {
                throw ServiceError.invalidParameter("Source queue arn and destination queue arn cannot be the same.")
            }
            guard destination.isFIFO == source.address.isFIFO else {
                throw ServiceError.invalidParameter("Source and destination queue must be of the same type.")
            }
        }
        guard try !transaction.hasRunningMoveTask(of: source) else {
            throw ServiceError.invalidParameter(
                "There is already a task running. Only one active task is allowed for a source queue arn at a given "
                    + "time.")
        }
    }
}
