import ServiceKit

/// Works off message move tasks, also those that a stop of the process interrupted.
struct MessageMover: Sendable {
    /// The bell's number for "there is a task": no queue has it.
    static let line: Int64 = 0

    let queues: QueueStore
    let clock: any WallClock

    func run() async throws {
        while !Task.isCancelled {
            let mark = queues.bell.mark(of: MessageMover.line)
            try await runOnce()
            let limit = clock.now + .seconds(60)
            try await queues.bell.wait(for: MessageMover.line, after: mark, until: limit, on: clock)
        }
    }

    /// Moves a chunk for every running task in turn, until none runs.
    func runOnce() async throws {
        while case let tasks = try await queues.read({ try $0.runningMoveTasks() }), !tasks.isEmpty {
            var pause = Duration.zero
            for task in tasks {
                let moved = try await moveChunk(of: task)
                pause = max(pause, task.pause(after: moved))
            }
            if pause > .zero { try await clock.sleep(until: clock.now + pause) }
        }
    }

    private func moveChunk(of task: MoveTask) async throws -> Int {
        let now = clock.now
        let targets = try await queues.write { transaction in try MessageMover.moveChunk(of: task, transaction, now) }
        for (queue, count) in targets { queues.bell.ring(queue, messages: count) }
        return targets.values.reduce(0, +)
    }

    /// How many messages went to which queue.
    private static func moveChunk(
        of task: MoveTask, _ transaction: Transaction, _ now: Timestamp
    ) throws -> [Int64: Int] {
        // Cancelled meanwhile?
        guard var task = try transaction.moveTask(task.handle), task.status == .running else { return [:] }
        var targets: [Int64: Int] = [:]
        if let source = try transaction.queue(task.source) {
            let messages = try transaction.messagesToMove(by: task, from: source, at: now)
            if messages.isEmpty { task.status = .completed }
            for message in messages {
                guard let target = try target(of: message, task, transaction) else {
                    task.status = .failed
                    task.failure = "CouldNotDetermineMessageSource"
                    break
                }
                try transaction.resend(message, from: source, to: target, at: now)
                targets[target.id, default: 0] += 1
                task.moved += 1
            }
        } else {
            task.status = .failed
            task.failure = "AWS.SimpleQueueService.NonExistentQueue"
        }
        try transaction.update(task)
        return targets
    }

    private static func target(of message: Message, _ task: MoveTask, _ transaction: Transaction) throws -> Queue? {
        guard let arn = task.destinationARN ?? message.deadLetterSource else { return nil }
        return try ARN(arn).flatMap(QueueAddress.init).flatMap { try transaction.queue(at: $0) }
    }
}
