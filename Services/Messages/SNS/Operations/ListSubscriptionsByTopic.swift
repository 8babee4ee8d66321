import ServiceKit

/// Lists a topic's subscriptions.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html)
struct ListSubscriptionsByTopic: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN
        let page: PageRequest

        init(_ member: Members) throws {
            topic = try member("TopicArn")
            page = try PageRequest(member)
        }
    }

    let topics: TopicStore
    let pages: PageToken

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.topic.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> SubscriptionList {
        let address = try input.topic.address(in: call)
        let scope = "ListSubscriptionsByTopic \(address.arn)"
        let start = try input.page.start(sealedBy: pages, scope: scope).flatMap(Int64.init) ?? 0
        let found = try await topics.read { snapshot in
            try snapshot.subscriptions(
                of: snapshot.requireTopic(at: address), after: start, limit: PageRequest.size + 1)
        }
        let (page, nextToken) = pages.page(of: found, scope: scope) { "\($0.id)" }
        return SubscriptionList(subscriptions: page, nextToken: nextToken)
    }
}
