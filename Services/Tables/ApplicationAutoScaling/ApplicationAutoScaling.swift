import ServiceKit

/// Application Auto Scaling, API version 2016-02-06, for the capacity of DynamoDB's tables and indexes.
///
/// It knows how capacity is to follow consumption and the calendar; where the capacity lives, and what is consumed of
/// it, `ScalableResources` tell.
public enum ApplicationAutoScaling {
    /// For the tables' database, beside whose rows the targets lie.
    public static let migrations = Schema.migrations

    /// The service, with the worker that scales.
    public static func service(on host: ServiceHost, _ scaling: AutoScaling) throws -> AWSService {
        let master = try MasterKey(in: host.configuration.dataDirectory)
        let pages = PageToken(
            key: master.derived("application-autoscaling.page-token"), refusal: .invalidToken)
        let scaler = Scaler(scaling)
        host.work("application-autoscaling") { [clock = host.clock] in try await scaler.run(on: clock) }
        return AWSService(
            "application-autoscaling", errors: .json,
            operations: [
                // Targets
                DeregisterScalableTarget(scaling: scaling),
                DescribeScalableTargets(scaling: scaling, pages: pages), RegisterScalableTarget(scaling: scaling),
                // Policies
                DeleteScalingPolicy(scaling: scaling), DescribeScalingPolicies(scaling: scaling, pages: pages),
                GetPredictiveScalingForecast(), PutScalingPolicy(scaling: scaling),
                // Schedules
                DeleteScheduledAction(scaling: scaling), DescribeScheduledActions(scaling: scaling, pages: pages),
                PutScheduledAction(scaling: scaling),
                // Activities and tags
                DescribeScalingActivities(scaling: scaling, pages: pages), ListTagsForResource(scaling: scaling),
                TagResource(scaling: scaling), UntagResource(scaling: scaling),
            ])
    }
}
