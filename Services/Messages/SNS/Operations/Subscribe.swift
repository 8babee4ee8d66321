import ServiceKit

/// Subscribes an endpoint to a topic; endpoints that are not AWS's own must confirm.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html)
struct Subscribe: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN
        let transport: String
        let endpoint: String?
        let attributes: [String: String]
        let returnsARN: Bool

        init(_ member: Members) throws {
            topic = try member("TopicArn")
            transport = try member("Protocol")
            endpoint = try member("Endpoint")
            attributes = try member("Attributes") ?? [:]
            returnsARN = try member("ReturnSubscriptionArn") ?? false
        }
    }

    struct Output: OutputShape {
        let arn: String
        func write(to json: inout JSONWriter) { json.member("SubscriptionArn", arn) }
    }

    static let tokenLifetime = Duration.seconds(3 * 86_400)

    let topics: TopicStore
    let addresses: OutboundAddresses

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var permission = try await topics.permission(on: input.topic.address(in: call))
        permission.context = ["sns:Protocol": [input.transport]]
        if let endpoint = input.endpoint { permission.context["sns:Endpoint"] = [endpoint] }
        return [permission]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let address = try input.topic.address(in: call)
        let transport = try Transport(named: input.transport)
        guard let endpoint = input.endpoint, !endpoint.isEmpty else {
            throw ServiceError.invalidParameter("Endpoint Reason: no value for required parameter")
        }
        try transport.check(endpoint, of: address)
        try transport.checkAddress(in: endpoint, addresses)
        var attributes = SubscriptionAttributes()
        try attributes.set(input.attributes, isFIFO: address.isFIFO, prefix: "Attributes Reason: ")
        let draft = Subscription(
            id: 0, topic: address, suffix: Identifier.uuid(), owner: call.account, principal: call.principal,
            transport: transport, endpoint: endpoint, attributes: attributes,
            isPending: transport.needsConfirmation(endpoint, from: call.account), wasAuthenticated: true,
            origin: call.source.endpoint)
        let subscription = try await topics.change(address) { transaction in
            try subscribe(draft, named: input.attributes.keys, in: transaction, at: call.now)
        }
        return Output(arn: subscription.isPending && !input.returnsARN ? "pending confirmation" : subscription.arn)
    }

    /// Finds the subscription that is there, or stores the new one; pending ones are asked (again) to confirm.
    private func subscribe(
        _ draft: Subscription, named names: some Sequence<String>, in transaction: Transaction, at now: Timestamp
    ) throws -> Subscription {
        let topic = try transaction.requireTopic(at: draft.topic)
        let token = Subscribe.token()
        let expires = now + Subscribe.tokenLifetime
        if let existing = try transaction.subscription(of: topic, by: draft.transport, to: draft.endpoint) {
            guard names.allSatisfy({ existing.attributes.text[$0] == draft.attributes.text[$0] }) else {
                throw ServiceError.invalidParameter(
                    "Attributes Reason: Subscription already exists with different attributes")
            }
            guard existing.isPending else { return existing }
            try transaction.setToken(token, of: existing, expires: expires)
            try ask(existing.id, token, transaction, now)
            return existing
        }
        let id = try transaction.insertSubscription(
            draft, of: topic, token: draft.isPending ? token : nil, expires: expires, at: now)
        if draft.isPending { try ask(id, token, transaction, now) }
        return draft
    }

    private func ask(_ subscription: Int64, _ token: String, _ transaction: Transaction, _ now: Timestamp) throws {
        try transaction.requestConfirmation(of: subscription, token: token, at: now)
        transaction.afterCommit { topics.work.ring() }
    }

    private static func token() -> String { Hex.string(SecureRandom.bytes(64)) }
}
