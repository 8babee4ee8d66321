import ServiceKit

/// Lists the queues that have a queue as their dead-letter queue.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListDeadLetterSourceQueues.html)
struct ListDeadLetterSourceQueues: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let page: PageRequest

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            page = try PageRequest(member)
        }
    }

    struct Output: OutputShape {
        let page: Page

        func write(to json: inout JSONWriter) {
            // AWS spells this one with a small letter.
            json.member("queueUrls", page.urls)
            json.member("NextToken", page.nextToken)
        }
    }

    let queues: QueueStore
    let pages: PageToken

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        let scope = "ListDeadLetterSourceQueues \(queue.arn)"
        let start = try input.page.start(sealedBy: pages, scope: scope)
        let names = try await queues.read { snapshot in
            try snapshot.sourceNames(of: queue, after: start, limit: input.page.limit + 1)
        }
        return Output(page: input.page.page(of: names, in: call, sealedBy: pages, scope: scope))
    }
}
