import ServiceKit

/// AWS CloudFormation, API version 2010-05-15: templates become stacks of resources.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html)
public enum CloudFormation {
    public static func service(on host: ServiceHost) async throws -> AWSService {
        let key = try MasterKey(in: host.configuration.dataDirectory)
        let stacks = StackStore(
            database: try host.database("stacks.db", migrations: Schema.migrations), vault: StackVault(key: key),
            pages: PageToken(key: key.derived("cloudformation.page-token"), refusal: .invalidToken))
        return AWSService(
            "cloudformation", errors: .query,
            operations: [
                // Stacks
                DescribeStacks(stacks: stacks), ListStacks(stacks: stacks), UpdateTerminationProtection(stacks: stacks),
                // Resources and events
                DescribeEvents(stacks: stacks), DescribeStackEvents(stacks: stacks),
                DescribeStackResource(stacks: stacks), DescribeStackResources(stacks: stacks),
                ListStackResources(stacks: stacks),
                // Templates
                GetTemplate(stacks: stacks),
                // Values that stacks share
                ListExports(stacks: stacks), ListImports(stacks: stacks),
            ])
    }
}
