import ServiceKit

/// Lists the URLs of the caller's queues in the region.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html)
struct ListQueues: AWSOperation {
    struct Input: InputShape {
        let prefix: String
        let page: PageRequest

        init(_ member: Members) throws {
            prefix = try member("QueueNamePrefix") ?? ""
            page = try PageRequest(member)
        }
    }

    struct Output: OutputShape {
        let page: Page

        func write(to json: inout JSONWriter) {
            if !page.urls.isEmpty { json.member("QueueUrls", page.urls) }
            json.member("NextToken", page.nextToken)
        }
    }

    let queues: QueueStore
    let pages: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let scope = "ListQueues \(call.account) \(input.prefix)"
        let start = try input.page.start(sealedBy: pages, scope: scope)
        let names = try await queues.read { snapshot in
            try snapshot.queueNames(
                of: call.account, in: call.region, prefix: input.prefix, after: start, limit: input.page.limit + 1)
        }
        return Output(page: input.page.page(of: names, in: call, sealedBy: pages, scope: scope))
    }
}
