import ServiceKit

/// Delivers messages to a receiver and hides them from others for a while.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html)
struct ReceiveMessage: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let systemAttributeNames: [String]
        let attributeNames: [String]
        let limit: Int
        let visibilityTimeout: Int?
        let waitSeconds: Int?
        let attemptID: String?

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            let old: [String]? = try member("AttributeNames")
            let new: [String]? = try member("MessageSystemAttributeNames")
            systemAttributeNames = (old ?? []) + (new ?? [])
            attributeNames = try member("MessageAttributeNames") ?? []
            limit = try member("MaxNumberOfMessages") ?? 1
            visibilityTimeout = try member("VisibilityTimeout")
            waitSeconds = try member("WaitTimeSeconds")
            attemptID = try member("ReceiveRequestAttemptId")
        }
    }

    struct Output: OutputShape {
        let messages: [Delivery]

        func write(to json: inout JSONWriter) {
            if !messages.isEmpty { json.member("Messages", messages) }
        }
    }

    /// A message with what its receiver asked to see of it.
    struct Delivery: OutputShape {
        let message: Message
        let handle: ReceiptHandle
        let systemAttributes: [String: String]
        let attributes: MessageAttributes

        func write(to json: inout JSONWriter) {
            json.member("MessageId", message.id)
            json.member("ReceiptHandle", handle.text)
            json.member("MD5OfBody", Hex.string(MD5.hash(message.body)))
            json.member("Body", message.body)
            if !systemAttributes.isEmpty { json.member("Attributes", systemAttributes) }
            json.member("MD5OfMessageAttributes", attributes.md5)
            if !attributes.isEmpty { json.member("MessageAttributes", attributes) }
        }
    }

    let queues: QueueStore
    let clock: any WallClock

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try check(input)
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        let reception = Reception(
            queue: queue, limit: input.limit,
            visibilityTimeout: .seconds(input.visibilityTimeout ?? queue.attributes.visibilityTimeoutSeconds),
            attempt: queue.attributes.isFIFO ? input.attemptID : nil)
        let wait = Duration.seconds(input.waitSeconds ?? queue.attributes.receiveWaitSeconds)
        // The answer must have left before the caller gives up.
        let messages = try await receive(reception, until: min(call.now + wait, call.deadline - .milliseconds(500)))
        return Output(
            messages: messages.map { message in
                Delivery(
                    message: message, handle: ReceiptHandle(of: message, in: queue),
                    systemAttributes: message.systemAttributes(named: input.systemAttributeNames),
                    attributes: message.attributes.selected(by: input.attributeNames))
            })
    }

    /// Looks until there is something or the time is over: when rung, and when a hidden message becomes visible.
    private func receive(_ reception: Reception, until end: Timestamp) async throws -> [Message] {
        let bell = queues.bell
        while true {
            let mark = bell.mark(of: reception.queue.id)
            let now = clock.now
            let outcome = try await queues.write { try reception.run(in: $0, at: now) }
            if let target = outcome.deadLetterQueue { bell.ring(target, messages: outcome.removed) }
            guard outcome.messages.isEmpty, now < end, !bell.isClosed else { return outcome.messages }
            let next = min(end, outcome.nextVisible ?? end)
            try await bell.wait(for: reception.queue.id, after: mark, until: next, on: clock)
        }
    }

    private func check(_ input: Input) throws {
        guard (1...10).contains(input.limit) else {
            throw ServiceError.invalidParameter(
                "MaxNumberOfMessages", input.limit, because: "Must be between 1 and 10, if provided.")
        }
        if let wait = input.waitSeconds, !(0...20).contains(wait) {
            throw ServiceError.invalidParameter(
                "WaitTimeSeconds", wait, because: "Must be >= 0 and <= 20, if provided.")
        }
        if let timeout = input.visibilityTimeout { try VisibilityTimeout.check(timeout) }
        try MessageDraft.checkID(input.attemptID, "ReceiveRequestAttemptId")
    }
}
