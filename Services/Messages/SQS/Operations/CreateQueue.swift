import ServiceKit

/// Creates a queue, or finds the one that has the same name and attributes.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html)
struct CreateQueue: AWSOperation {
    struct Input: InputShape {
        let name: String
        let attributes: [String: String]
        let tags: [String: String]

        init(_ member: Members) throws {
            name = try member("QueueName")
            attributes = try member("Attributes") ?? [:]
            tags = try member("tags") ?? [:]
        }
    }

    struct Output: OutputShape {
        let url: String
        func write(to json: inout JSONWriter) { json.member("QueueUrl", url) }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let queue = QueueAddress(name: input.name, in: call).arn
        let creation = Permission(on: queue)
        return input.tags.isEmpty ? [creation] : [creation, Permission("sqs:TagQueue", on: queue)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let isFIFO = input.attributes["FifoQueue"]?.lowercased() == "true" || input.name.hasSuffix(".fifo")
        try QueueName.check(input.name, isFIFO: isFIFO)
        // The suffix alone does not make a FIFO queue; AWS takes the dot for a forbidden character then.
        if isFIFO, input.attributes["FifoQueue"] == nil { try QueueName.check(input.name, isFIFO: false) }
        try QueueTags.check(input.tags, on: input.name)
        var attributes = QueueAttributes(isFIFO: isFIFO)
        try attributes.set(input.attributes)
        let address = QueueAddress(name: input.name, in: call)
        try await queues.change(address) { [attributes] transaction in
            if let queue = try transaction.queue(at: address) {
                let difference = queue.attributes.firstDifference(to: attributes, among: input.attributes.keys)
                if let difference { throw ServiceError.queueNameExists(differingIn: difference) }
                return
            }
            guard try !transaction.wasDeleted(address, since: call.now - DeleteQueue.nameQuarantine) else {
                throw ServiceError.queueDeletedRecently
            }
            try transaction.checkRedrivePolicy(of: attributes, at: address)
            let queue = try transaction.insertQueue(at: address, attributes, at: call.now)
            try transaction.setTags(input.tags, of: queue)
        }
        return Output(url: address.url(in: call))
    }
}

extension Transaction {
    /// - Throws: `InvalidParameterValue` where the dead-letter queue is missing, of the other kind, or forbids it.
    func checkRedrivePolicy(of attributes: QueueAttributes, at address: QueueAddress) throws {
        guard let policy = attributes.redrivePolicy else { return }
        try policy.check(from: address, to: queue(at: policy.deadLetterTarget))
    }
}
