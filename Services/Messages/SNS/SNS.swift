import ServiceKit

/// Amazon Simple Notification Service: topics, standard and FIFO, and their subscribers.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/welcome.html)
public enum SNS {
    /// SNS, and what the rest of Apus asks it.
    public static func services(on host: ServiceHost) throws -> [AWSService] {
        try services(on: host, http: HTTPEndpoints(OutboundAddresses(host.configuration)))
    }

    /// - Parameter http: how HTTP endpoints are reached.
    static func services(on host: ServiceHost, http: any HTTPPoster) throws -> [AWSService] {
        let key = try MasterKey(in: host.configuration.dataDirectory)
        let topics = TopicStore(database: try host.database("sns.db", migrations: Schema.migrations), key: key)
        let pages = PageToken(key: key.derived("sns.page-token"), refusal: .invalidParameter("NextToken"))
        let channels = Channels(topics: topics, client: host.client, http: http, clock: host.clock)
        let addresses = try OutboundAddresses(host.configuration)
        let worker = DeliveryWorker(topics: topics, channels: channels, clock: host.clock, log: host.log)
        host.work("sns.deliver") { try await worker.run() }
        host.work("sns.trim") { try await Trimmer(topics: topics, clock: host.clock).run() }
        return [
            service(topics, pages, addresses),
            .internal("apus.messages", operations: [ReadSigningCertificate(topics: topics)]),
        ]
    }

    private static func service(
        _ topics: TopicStore, _ pages: PageToken, _ addresses: OutboundAddresses
    ) -> AWSService {
        AWSService(
            "sns", errors: errors,
            operations: [
                // Topics
                CreateTopic(topics: topics),
                DeleteTopic(topics: topics),
                GetTopicAttributes(topics: topics),
                ListTopics(topics: topics, pages: pages),
                SetTopicAttributes(topics: topics),
                // Subscriptions
                ConfirmSubscription(topics: topics),
                GetSubscriptionAttributes(topics: topics),
                ListSubscriptions(topics: topics, pages: pages),
                ListSubscriptionsByTopic(topics: topics, pages: pages),
                SetSubscriptionAttributes(topics: topics),
                Subscribe(topics: topics, addresses: addresses),
                Unsubscribe(topics: topics),
                // Messages
                Publish(topics: topics),
                PublishBatch(topics: topics),
                // Permissions and tags
                AddPermission(topics: topics),
                ListTagsForResource(topics: topics),
                RemovePermission(topics: topics),
                TagResource(topics: topics),
                UntagResource(topics: topics),
            ])
    }

    private static let errors = AWSService.ErrorForms(
        accessDenied: "AuthorizationErrorException", status: 403, validation: "ValidationError")
}
