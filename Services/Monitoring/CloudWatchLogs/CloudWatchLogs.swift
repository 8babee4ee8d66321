import ServiceKit

/// Amazon CloudWatch Logs: groups and streams of events, read in order and searched by patterns.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html)
public enum CloudWatchLogs {
    public static func service(on host: ServiceHost) throws -> AWSService {
        let logs = LogStore(database: try host.database("logs.db", migrations: Schema.migrations))
        let pages = PageToken(key: try MasterKey(in: host.configuration.dataDirectory).derived("logs.page-token"))
        host.work("logs.trim") { try await Trimmer(logs: logs, clock: host.clock).run() }
        return AWSService(
            "logs", errors: errors,
            operations: [
                // Groups and streams
                CreateLogGroup(logs: logs),
                CreateLogStream(logs: logs),
                DeleteLogGroup(logs: logs),
                DeleteLogStream(logs: logs),
                DescribeLogGroups(logs: logs, pages: pages),
                DescribeLogStreams(logs: logs, pages: pages),
                // Events
                FilterLogEvents(logs: logs, pages: pages),
                GetLogEvents(logs: logs),
                PutLogEvents(logs: logs),
                // Retention, filters and tags
                DeleteRetentionPolicy(logs: logs),
                DescribeMetricFilters(logs: logs),
                DescribeSubscriptionFilters(logs: logs),
                ListTagsForResource(logs: logs),
                ListTagsLogGroup(logs: logs),
                PutRetentionPolicy(logs: logs),
                TagLogGroup(logs: logs),
                TagResource(logs: logs),
                TestMetricFilter(),
                UntagLogGroup(logs: logs),
                UntagResource(logs: logs),
            ])
    }

    private static let errors = AWSService.ErrorForms(
        accessDenied: "AccessDeniedException", status: 400, validation: "InvalidParameterException")
}
