import ServiceKit

/// Lists the caller's topics in the region.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html)
struct ListTopics: AWSOperation {
    struct Input: InputShape {
        let page: PageRequest
        init(_ member: Members) throws { page = try PageRequest(member) }
    }

    struct Output: OutputShape {
        let topics: [Entry]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("Topics", topics)
            json.member("NextToken", nextToken)
        }
    }

    struct Entry: OutputShape {
        let arn: ARN
        func write(to json: inout JSONWriter) { json.member("TopicArn", arn) }
    }

    let topics: TopicStore
    let pages: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let scope = "ListTopics \(call.account)"
        let start = try input.page.start(sealedBy: pages, scope: scope) ?? ""
        let names = try await topics.read { snapshot in
            try snapshot.topicNames(of: call.account, in: call.region, after: start, limit: PageRequest.size + 1)
        }
        let (page, nextToken) = pages.page(of: names, scope: scope) { $0 }
        let entries = page.map { Entry(arn: TopicAddress(account: call.account, region: call.region, name: $0).arn) }
        return Output(topics: entries, nextToken: nextToken)
    }
}
