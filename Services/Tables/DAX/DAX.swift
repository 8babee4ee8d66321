import DynamoDB
import ServiceKit

/// Amazon DynamoDB Accelerator, API version 2017-04-19: what manages the cache of tables.
///
/// The cache itself is DynamoDB's (`ReadCache`), in the same process; a cluster gives its times to the tables that name
/// it in their tag `apus:cache`. DAX's own wire protocol is not spoken: clients read through DynamoDB's API.
public enum DAX {
    /// For the tables' database, beside whose rows clusters lie.
    public static let migrations = Schema.migrations

    /// - Parameter clusters: where DynamoDB looks for the clusters that tables name.
    public static func service(
        on host: ServiceHost, _ database: Database, clusters: CacheClusters
    ) async throws -> AWSService {
        let master = try MasterKey(in: host.configuration.dataDirectory)
        let store = ClusterStore(
            database: database, clusters: clusters,
            pages: PageToken(
                key: master.derived("dax.page-token"), refusal: .invalidParameterValue("The NextToken is not valid.")))
        try await store.load()
        return AWSService(
            "dax",
            errors: AWSService.ErrorForms(
                accessDenied: "AccessDeniedException", status: 400, validation: "InvalidParameterValueException"),
            operations: [
                // Clusters
                CreateCluster(store: store), DecreaseReplicationFactor(store: store), DeleteCluster(store: store),
                DescribeClusters(store: store), IncreaseReplicationFactor(store: store), RebootNode(store: store),
                UpdateCluster(store: store),
                // Parameters
                CreateParameterGroup(store: store), DeleteParameterGroup(store: store),
                DescribeDefaultParameters(store: store), DescribeParameterGroups(store: store),
                DescribeParameters(store: store), UpdateParameterGroup(store: store),
                // Subnets
                CreateSubnetGroup(store: store), DeleteSubnetGroup(store: store), DescribeSubnetGroups(store: store),
                UpdateSubnetGroup(store: store),
                // Events and tags
                DescribeEvents(store: store), ListTags(store: store), TagResource(store: store),
                UntagResource(store: store),
            ])
    }
}
