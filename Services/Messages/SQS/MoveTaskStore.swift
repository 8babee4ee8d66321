import ServiceKit

/// The SQL of message move tasks.
extension Snapshot {
    /// The newest first.
    func moveTasks(of queue: Queue, limit: Int) throws -> [MoveTask] {
        try rows(
            "\(MoveTask.selection) WHERE source = ? ORDER BY id DESC LIMIT ?", queue.id, limit, body: MoveTask.init)
    }

    func moveTask(_ handle: String) throws -> MoveTask? {
        try first("\(MoveTask.selection) WHERE handle = ?", handle, body: MoveTask.init)
    }

    func runningMoveTasks() throws -> [MoveTask] {
        try rows("\(MoveTask.selection) WHERE status = 'RUNNING' ORDER BY id", body: MoveTask.init)
    }

    func hasRunningMoveTask(of queue: Queue) throws -> Bool {
        try exists("SELECT 1 FROM move_task WHERE source = ? AND status = 'RUNNING'", queue.id)
    }

    func messagesToMove(by task: MoveTask, from queue: Queue, at now: Timestamp) throws -> [Message] {
        try visibleMessages(in: queue, at: now, limit: task.chunk).filter { $0.row <= task.lastMessage }
    }
}

extension Transaction {
    /// Answers the handle.
    func insertMoveTask(
        from source: Queue, to destination: String?, perSecond: Int?, total: Int, at now: Timestamp
    ) throws -> String {
        let handle = Base64.string(Array(#"{"taskId":"\#(Identifier.uuid())","sourceArn":"\#(source.arn)"}"#.utf8))
        try execute(
            """
            INSERT INTO move_task
                (handle, source, source_arn, destination_arn, per_second, status, total, last_message, started)
            VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, ?, ?)
            """, handle, source.id, source.arn.description, destination, perSecond, total,
            try lastMessage(in: source), now)
        return handle
    }

    func update(_ task: MoveTask) throws {
        try execute(
            "UPDATE move_task SET status = ?, moved = ?, failure = ? WHERE id = ?",
            task.status, task.moved, task.failure, task.id)
    }

    /// Puts a message at the end of another queue as a new one: new id, new age, never received.
    func resend(_ message: Message, from source: Queue, to target: Queue, at now: Timestamp) throws {
        let group = target.attributes.isFIFO ? message.groupID : nil
        try execute(
            "INSERT INTO message (queue, visible_at, sent, message_id, fifo_group) VALUES (?, ?, ?, ?, ?)",
            target.id, now, now, Identifier.uuid(), group)
        let row = try lastInsertedRowID
        try execute("DELETE FROM message WHERE id = ?", message.row)
        try execute("UPDATE content SET id = ? WHERE id = ?", row, message.row)
        guard let group else { return }
        try openGroup(group, of: target.id, head: row, freeAt: now)
        try refreshGroup(group, of: source.id)
    }
}

extension MoveTask {
    fileprivate static let selection = """
        SELECT id, handle, source, source_arn, destination_arn, per_second, status, moved, total, last_message,
            failure, started
        FROM move_task
        """

    fileprivate init(_ row: Row) throws {
        id = try row[0]
        handle = try row[1]
        source = try row[2]
        sourceARN = try row[3]
        destinationARN = try row[4]
        perSecond = try row[5]
        status = try row[6]
        moved = try row[7]
        total = try row[8]
        lastMessage = try row[9]
        failure = try row[10]
        started = try row[11]
    }
}
