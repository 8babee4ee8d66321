import ServiceKit

/// Receives messages of a queue, gives them to a function in batches, and deletes what it took.
///
/// What it did not take comes back by itself when the queue's visibility time-out ends.
struct QueuePoller: Sendable {
    /// AWS begins with this many batches at once.
    private static let concurrency = 5
    private static let receiveLimit = 10
    private static let waitSeconds = 20

    private let mapping: EventSourceMapping
    private let polling: Polling
    private let url: String
    private let patterns: [EventPattern]

    init(_ mapping: EventSourceMapping, _ polling: Polling) throws {
        self.mapping = mapping
        self.polling = polling
        url = QueueAddress(mapping.source).url
        patterns = try mapping.settings.filters?.patterns() ?? []
    }

    /// Returns only by throwing, when cancelled.
    func run() async throws {
        // Messages of a group must not overtake each other.
        let concurrency = mapping.source.resource.hasSuffix(".fifo") ? 1 : Self.concurrency
        let receiving = Perseverance(in: mapping, polling)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            while true {
                // First a free place, then messages: their visibility time-out runs from when they are received.
                if running == concurrency {
                    try await group.next()
                    running -= 1
                }
                let batch = try await receiving.untilDone(nextBatch)
                if batch.isEmpty { continue }
                group.addTask { await process(batch) }
                running += 1
            }
        }
    }

    /// Receives until there are enough messages or the batching window has passed.
    private func nextBatch() async throws -> [QueueMessage] {
        let size = mapping.settings.batchSize ?? Self.receiveLimit
        var batch = try await receive(upTo: size, wait: Self.waitSeconds)
        let window = mapping.settings.windowSeconds ?? 0
        guard !batch.isEmpty, window > 0 else { return batch }
        let end = polling.clock.now + .seconds(window)
        while batch.count < size, polling.clock.now < end {
            let left = Int((end - polling.clock.now) / .seconds(1))
            let wait = min(max(left, 1), Self.waitSeconds)
            // What was received already is not given up for a failure to receive more.
            guard let more = try? await receive(upTo: size - batch.count, wait: wait) else { break }
            batch += more
        }
        return batch
    }

    private func receive(upTo count: Int, wait: Int) async throws -> [QueueMessage] {
        let reply = try await call("ReceiveMessage") { json in
            json.member("QueueUrl", url)
            json.member("MaxNumberOfMessages", min(count, Self.receiveLimit))
            json.member("WaitTimeSeconds", wait)
            json.member("MessageSystemAttributeNames", ["All"])
            json.member("MessageAttributeNames", ["All"])
        }
        return try Members(reply.output)("Messages") ?? []
    }

    /// What fails leaves the messages to the queue, which shows them again.
    private func process(_ messages: [QueueMessage]) async {
        do {
            let done = try await takenOrUnwanted(messages)
            // A queue that is away for a moment must not make the function run twice.
            let deleting = Perseverance(in: mapping, polling)
            try await deleting.untilDone(while: { ($0 as? ServiceError)?.isTransient ?? false }) {
                try await delete(done)
            }
        } catch {
            if Task.isCancelled { return }
            polling.log.warning(
                "Messages return to their queue",
                ["mapping": mapping.id, "messages": "\(messages.count)", "error": "\(error)"])
        }
    }

    /// Gives the function what passes the filters; which messages are done with.
    private func takenOrUnwanted(_ messages: [QueueMessage]) async throws -> [QueueMessage] {
        let function = try await polling.function(of: mapping)
        var wanted: [(message: QueueMessage, record: [UInt8])] = []
        var done: [QueueMessage] = []
        for message in messages {
            let record = message.record(from: mapping.source)
            if isWanted(record) { wanted.append((message, record)) } else { done.append(message) }
        }
        return wanted.isEmpty ? done : done + (try await taken(wanted, by: function))
    }

    private func isWanted(_ record: [UInt8]) -> Bool {
        guard !patterns.isEmpty else { return true }
        guard let document = try? JSONDocument(record).root else { return false }
        return patterns.contains { $0.matches(document) }
    }

    /// Invokes the function; the messages it took.
    private func taken(
        _ wanted: [(message: QueueMessage, record: [UInt8])], by function: ResolvedFunction
    ) async throws -> [QueueMessage] {
        let result: InvocationResult
        do {
            result = try await polling.invoke(function, records: wanted.map(\.record))
        } catch let error as ServiceError where error.isTransient {
            // Throttled: the messages return, and the poller slows down.
            try await polling.clock.sleep(until: polling.clock.now + .seconds(1))
            return []
        }
        switch BatchOutcome(result, reportsItemFailures: mapping.settings.reportsItemFailures) {
        case .success: return wanted.map(\.message)
        case .failure: return []
        case .partial(let failed):
            let messages = wanted.map(\.message)
            // An identifier that names no message means the answer cannot be trusted.
            guard failed.isSubset(of: messages.map(\.id)) else { return [] }
            return messages.filter { !failed.contains($0.id) }
        }
    }

    private func delete(_ messages: [QueueMessage]) async throws {
        var rest = messages[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.receiveLimit)
            _ = try await call("DeleteMessageBatch") { json in
                json.member("QueueUrl", url)
                json.member("Entries") {
                    $0.array { json in
                        for (index, message) in batch.enumerated() {
                            json.object {
                                $0.member("Id", "\(index)")
                                $0.member("ReceiptHandle", message.receiptHandle)
                            }
                        }
                    }
                }
            }
            rest = rest.dropFirst(batch.count)
        }
    }

    private func call(_ operation: String, _ input: (inout JSONWriter) -> Void) async throws -> ServiceReply {
        var options = ServiceClient.Options()
        options.region = mapping.source.region
        options.isIdempotent = operation == "DeleteMessageBatch"
        let role = try await polling.function(of: mapping).version.role
        let caller = Caller.role(role, session: mapping.functionKey.name)
        return try await polling.client.call("sqs", operation, as: caller, options: options, input: input)
    }
}

/// A received message, as `ReceiveMessage` answers it.
struct QueueMessage: Sendable, InputShape {
    let id: String
    let receiptHandle: String
    private let body: String
    private let digest: String
    private let attributes: [String: String]
    private let messageAttributes: [String: Attribute]

    struct Attribute: Sendable, InputShape, OutputShape {
        let type: String
        let string: String?
        let binary: String?

        init(_ member: Members) throws {
            type = try member("DataType")
            string = try member("StringValue")
            binary = try member("BinaryValue")
        }

        /// In the form of Lambda's events.
        func write(to json: inout JSONWriter) {
            json.member("stringValue", string)
            json.member("binaryValue", binary)
            json.member("stringListValues", [String]())
            json.member("binaryListValues", [String]())
            json.member("dataType", type)
        }
    }

    init(_ member: Members) throws {
        id = try member("MessageId")
        receiptHandle = try member("ReceiptHandle")
        body = try member("Body") ?? ""
        digest = try member("MD5OfBody") ?? ""
        attributes = try member("Attributes") ?? [:]
        messageAttributes = try member("MessageAttributes") ?? [:]
    }

    /// [The event's documented form](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html)
    func record(from source: ARN) -> [UInt8] {
        var json = JSONWriter(capacity: body.utf8.count + 1024)
        json.object {
            $0.member("messageId", id)
            $0.member("receiptHandle", receiptHandle)
            $0.member("body", body)
            $0.member("attributes", attributes)
            $0.member("messageAttributes", messageAttributes)
            $0.member("md5OfBody", digest)
            $0.member("eventSource", "aws:sqs")
            $0.member("eventSourceARN", source)
            $0.member("awsRegion", source.region)
        }
        return json.bytes
    }
}
