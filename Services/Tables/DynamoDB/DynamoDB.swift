import AWSModel
import ApplicationAutoScaling
import ServiceKit

/// Amazon DynamoDB, API version 2012-08-10.
public enum DynamoDB {
    /// The database of all tables.
    ///
    /// - Parameter others: of services that keep what is theirs beside the tables.
    public static func database(on host: ServiceHost, others: [Migration] = []) throws -> Database {
        try host.database("tables.db", migrations: Schema.migrations + ApplicationAutoScaling.migrations + others)
    }

    /// DynamoDB, its streams and what scales its capacity on one database, with what they do in the background.
    ///
    /// - Parameter clusters: the DAX clusters that tables may name.
    public static func services(
        on host: ServiceHost, _ database: Database, clusters: CacheClusters = CacheClusters()
    ) async throws -> [AWSService] {
        try services(of: await store(on: host, database, clusters: clusters), on: host)
    }

    static func store(
        on host: ServiceHost, _ database: Database, clusters: CacheClusters = CacheClusters()
    ) async throws -> TableStore {
        let mebibytes = try host.configuration.number("APUS_TABLES_CACHE_MIB", default: 32)
        return try await TableStore(
            database, backups: BackupFolder(path: host.configuration.dataDirectory + "/tables-backups"),
            cache: ReadCache(byteLimit: mebibytes << 20, clusters: clusters, clock: host.clock))
    }

    static func services(of tables: TableStore, on host: ServiceHost) throws -> [AWSService] {
        let master = try MasterKey(in: host.configuration.dataDirectory)
        let iterators = PageToken(key: master.derived("dynamodb.shard-iterator"))
        let keys = TableKeys(client: host.client)
        addWorkers(for: tables, keys, to: host)
        host.metrics.beforeExposition { [metrics = host.metrics] in tables.cache.statistics.report(to: metrics) }
        tables.database.observe(Transaction.streamTopic) { [publisher = host.publisher] in
            publisher.publish(Transaction.streamTopic)
        }
        tables.database.observe(Transaction.replicaTopic) { tables.replicaWork.signal() }
        let pages = PartiQLPages(tokens: PageToken(key: master.derived("dynamodb.partiql-page")))
        return [
            service(tables, keys, pages), DynamoDBStreams.service(tables, iterators: iterators),
            try ApplicationAutoScaling.service(on: host, tables.scaling),
        ]
    }

    private static func service(_ tables: TableStore, _ keys: TableKeys, _ pages: PartiQLPages) -> AWSService {
        AWSService(
            "dynamodb", errors: errors, wording: wording,
            operations: [
                // Items
                BatchGetItem(tables: tables), BatchWriteItem(tables: tables), DeleteItem(tables: tables),
                GetItem(tables: tables), PutItem(tables: tables), Query(tables: tables), Scan(tables: tables),
                TransactGetItems(tables: tables), TransactWriteItems(tables: tables), UpdateItem(tables: tables),
                // PartiQL
                BatchExecuteStatement(tables: tables), ExecuteStatement(tables: tables, pages: pages),
                ExecuteTransaction(tables: tables),
                // Backups
                CreateBackup(tables: tables), DeleteBackup(tables: tables), DescribeBackup(tables: tables),
                DescribeExport(tables: tables), DescribeImport(tables: tables),
                ExportTableToPointInTime(tables: tables), ImportTable(tables: tables, keys: keys),
                ListBackups(tables: tables),
                ListExports(tables: tables, pages: pages), ListImports(tables: tables, pages: pages),
                RestoreTableFromBackup(tables: tables, keys: keys),
                RestoreTableToPointInTime(tables: tables, keys: keys), UpdateContinuousBackups(tables: tables),
                // Tables
                CreateTable(tables: tables, keys: keys), DeleteTable(tables: tables),
                DescribeContinuousBackups(tables: tables),
                DescribeTable(tables: tables), DescribeTimeToLive(tables: tables), ListTables(tables: tables),
                UpdateTable(tables: tables, keys: keys), UpdateTimeToLive(tables: tables),
                // Global tables
                CreateGlobalTable(tables: tables), DescribeGlobalTable(tables: tables),
                DescribeGlobalTableSettings(tables: tables), DescribeTableReplicaAutoScaling(tables: tables),
                ListGlobalTables(tables: tables), UpdateGlobalTable(tables: tables),
                UpdateGlobalTableSettings(tables: tables), UpdateTableReplicaAutoScaling(tables: tables),
                // Policies
                DeleteResourcePolicy(tables: tables), GetResourcePolicy(tables: tables),
                PutResourcePolicy(tables: tables),
                // What is answered as absent
                DescribeContributorInsights(tables: tables), DescribeKinesisStreamingDestination(tables: tables),
                DisableKinesisStreamingDestination(tables: tables), EnableKinesisStreamingDestination(tables: tables),
                ListContributorInsights(tables: tables), UpdateContributorInsights(tables: tables),
                UpdateKinesisStreamingDestination(tables: tables),
                // Tags, limits, endpoints
                DescribeEndpoints(), DescribeLimits(), ListTagsOfResource(tables: tables), TagResource(tables: tables),
                UntagResource(tables: tables),
            ])
    }

    /// As all of AWS's services with JSON, but for the name of a fault of ours.
    static var errors: AWSService.ErrorForms {
        var errors = AWSService.ErrorForms.json
        errors.failure = .internalServerError
        return errors
    }

    /// How often expired items, old stream records and keys that cannot be used are looked for.
    private static let pace = Duration.seconds(20)

    private static func addWorkers(for tables: TableStore, _ keys: TableKeys, to host: ServiceHost) {
        host.work("dynamodb.backfill") { [clock = host.clock] in
            // Something may be left over: from before the start, or of a run that failed.
            tables.backgroundWork.signal()
            for await _ in tables.backgroundWork.signals {
                try await Restorer(tables: tables).run(at: clock.now)
                try await ReplicaFiller(tables: tables).run(at: clock.now)
                try await Backfiller(tables: tables).run()
                try await GarbageCollector(tables: tables).run()
            }
        }
        host.work("dynamodb.replicate") { [clock = host.clock] in
            tables.replicaWork.signal()
            for await _ in tables.replicaWork.signals { try await Replicator(tables: tables, clock: clock).run() }
        }
        host.work("dynamodb.export") { [client = host.client, clock = host.clock] in
            tables.exportWork.signal()
            for await _ in tables.exportWork.signals {
                try await Exporter(tables: tables, client: client).run(at: clock.now)
            }
        }
        host.work("dynamodb.import") { [client = host.client, clock = host.clock] in
            tables.importWork.signal()
            for await _ in tables.importWork.signals {
                try await Importer(tables: tables, clock: clock) { try ImportSource(client: client, job: $0) }.run()
            }
        }
        host.work("dynamodb.expiry") { [clock = host.clock] in
            while true {
                try await ExpiryReaper(tables: tables).run(at: clock.now)
                try await Retention(tables: tables).run(at: clock.now)
                try await KeyWatch(tables: tables, keys: keys).run(at: clock.now)
                tables.cache.sweep(keeping: tables.catalog.all)
                try await clock.sleep(until: clock.now + pace)
            }
        }
    }
}
