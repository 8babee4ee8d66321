import ServiceKit

/// AWS CloudFormation, API version 2010-05-15: templates become stacks of resources.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html)
public enum CloudFormation {
    public static func service(on host: ServiceHost) async throws -> AWSService {
        let key = try MasterKey(in: host.configuration.dataDirectory)
        let store = StackStore(
            database: try host.database("stacks.db", migrations: Schema.migrations), vault: StackVault(key: key),
            pages: PageToken(key: key.derived("cloudformation.page-token"), refusal: .invalidToken))
        let roles = AssumedRoles(
            client: host.client, clock: host.clock, as: ServiceCalls.principal, session: "AWSCloudFormation")
        let worker = StackWorker(
            store: store, calls: ServiceCalls(client: host.client, roles: roles), clock: host.clock, log: host.log)
        host.work("cloudformation.stacks") { try await worker.run() }
        return AWSService("cloudformation", errors: .query, operations: operations(store, host.client))
    }

    static func operations(_ store: StackStore, _ client: ServiceClient) -> [any AWSOperation] {
        [
            // Stacks
            CreateStack(store: store, client: client), DeleteStack(store: store), DescribeStacks(store: store),
            ListStacks(store: store), UpdateStack(store: store, client: client),
            UpdateTerminationProtection(store: store),
            // What is under way, or went wrong
            CancelUpdateStack(store: store), ContinueUpdateRollback(store: store), RollbackStack(store: store),
            // Change sets
            CreateChangeSet(store: store, client: client), DeleteChangeSet(store: store),
            DescribeChangeSet(store: store), ExecuteChangeSet(store: store), ListChangeSets(store: store),
            // Resources and events
            DescribeEvents(store: store), DescribeStackEvents(store: store), DescribeStackResource(store: store),
            DescribeStackResources(store: store), ListStackResources(store: store),
            // Templates
            GetTemplate(store: store), GetTemplateSummary(store: store, client: client),
            ValidateTemplate(client: client),
            // Values that stacks share
            ListExports(store: store), ListImports(store: store),
        ]
    }
}
