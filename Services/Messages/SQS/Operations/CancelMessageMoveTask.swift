import ServiceKit

/// Stops a move task; what it moved already stays moved.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CancelMessageMoveTask.html)
struct CancelMessageMoveTask: AWSOperation {
    struct Input: InputShape {
        let handle: String
        init(_ member: Members) throws { handle = try member("TaskHandle") }

        /// The queue the handle names inside.
        func source() throws -> QueueAddress {
            guard let bytes = Base64.decode(Array(handle.utf8)), let task = try? JSONDocument(bytes).root,
                let address = (task["sourceArn"]?.string).flatMap(ARN.init).flatMap(QueueAddress.init)
            else { throw ServiceError.invalidParameter("Value for parameter TaskHandle is invalid.") }
            return address
        }
    }

    struct Output: OutputShape {
        let moved: Int
        func write(to json: inout JSONWriter) { json.member("ApproximateNumberOfMessagesMoved", moved) }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.source())]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let source = try input.source()
        let moved = try await queues.write { transaction in
            guard try transaction.queue(at: source) != nil else { throw ServiceError.noResource(in: "SourceArn") }
            guard var task = try transaction.moveTask(input.handle), task.sourceARN == source.arn.description else {
                throw ServiceError.taskDoesNotExist
            }
            guard task.status == .running else {
                throw ServiceError.invalidParameter("Only active tasks can be cancelled.")
            }
            task.status = .cancelled
            try transaction.update(task)
            return task.moved
        }
        return Output(moved: moved)
    }
}
