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
        let page = try await pages.page(input.page, scope: scope, position: { $0 }) { after, limit in
            try await topics.read {
                try $0.topicNames(of: call.account, in: call.region, after: after, limit: limit)
            }
        }.map { Entry(arn: TopicAddress(account: call.account, region: call.region, name: $0).arn) }
        return Output(topics: page.elements, nextToken: page.next)
    }
}
