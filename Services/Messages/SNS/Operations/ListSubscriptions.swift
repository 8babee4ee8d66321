import ServiceKit

/// Lists the caller's subscriptions in the region.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html)
struct ListSubscriptions: AWSOperation {
    struct Input: InputShape {
        let page: PageRequest
        init(_ member: Members) throws { page = try PageRequest(member) }
    }

    let topics: TopicStore
    let pages: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> SubscriptionList {
        let scope = "ListSubscriptions \(call.account)"
        return SubscriptionList(
            page: try await pages.page(input.page, scope: scope, position: { "\($0.id)" }) { after, limit in
                try await topics.read {
                    try $0.subscriptions(
                        ownedBy: call.account, in: call.region, after: Int64(after) ?? 0, limit: limit)
                }
            })
    }
}

/// A page of subscriptions, as both lists answer it.
struct SubscriptionList: OutputShape {
    let page: Page<Subscription>

    func write(to json: inout JSONWriter) {
        json.member("Subscriptions") { json in
            json.array { json in
                for subscription in page.elements {
                    json.object { json in
                        json.member("SubscriptionArn", subscription.listedARN)
                        json.member("Owner", subscription.owner)
                        json.member("Protocol", subscription.transport.rawValue)
                        json.member("Endpoint", subscription.endpoint)
                        json.member("TopicArn", subscription.topic.arn)
                    }
                }
            }
        }
        json.member("NextToken", page.next)
    }
}
