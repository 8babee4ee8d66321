import ServiceKit

/// Tells a queue's settings and how many messages it holds.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html)
struct GetQueueAttributes: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let names: [String]

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            names = try member("AttributeNames") ?? []
        }
    }

    struct Output: OutputShape {
        let attributes: [String: String]

        func write(to json: inout JSONWriter) {
            if !attributes.isEmpty { json.member("Attributes", attributes) }
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        for name in input.names where !QueueAttributes.names.contains(name) {
            throw ServiceError.unknownAttribute(name)
        }
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        // Counting reads as many index entries as there are messages.
        let mustCount = input.names.contains { $0 == "All" || $0.hasPrefix("Approximate") }
        let counts = mustCount ? try await queues.read { try $0.counts(of: queue, at: call.now) } : Queue.Counts()
        let all = queue.text(with: counts)
        let names = input.names
        return Output(attributes: names.contains("All") ? all : all.filter { names.contains($0.key) })
    }
}
