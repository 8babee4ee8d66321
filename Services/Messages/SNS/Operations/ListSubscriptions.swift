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
        let start = try input.page.start(sealedBy: pages, scope: scope).flatMap(Int64.init) ?? 0
        let found = try await topics.read { snapshot in
            try snapshot.subscriptions(
                ownedBy: call.account, in: call.region, after: start, limit: PageRequest.size + 1)
        }
        let (page, nextToken) = pages.page(of: found, scope: scope) { "\($0.id)" }
        return SubscriptionList(subscriptions: page, nextToken: nextToken)
    }
}

/// A page of subscriptions, as both lists answer it.
struct SubscriptionList: OutputShape {
    let subscriptions: [Subscription]
    let nextToken: String?

    func write(to json: inout JSONWriter) {
        json.member("Subscriptions") { json in
            json.array { json in
                for subscription in subscriptions {
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
        json.member("NextToken", nextToken)
    }
}
