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
        return SubscriptionList(
            page: try await pages.page(input.page, scope: scope, position: { "\($0.id)" }) { after, limit in
                try await topics.read { snapshot in
                    try snapshot.subscriptions(
                        of: snapshot.requireTopic(at: address), after: Int64(after) ?? 0, limit: limit)
                }
            })
    }
}
