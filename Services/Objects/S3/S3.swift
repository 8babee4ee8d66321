import ServiceKit

/// Amazon S3: buckets of objects.
public enum S3 {
    /// Opens the store, begins its background work, and lists the operations.
    public static func services(on host: ServiceHost) async throws -> [AWSService] {
        try await services(on: host, try store(on: host))
    }

    static func store(on host: ServiceHost) throws -> S3Store {
        let database = try host.database("objects.db", migrations: Schema.all)
        let files = try ByteFiles(folder: "\(host.configuration.dataDirectory)/\(host.name)")
        host.atClose { files.close() }
        let keys = ObjectKeys(
            try MasterKey(in: host.configuration.dataDirectory), KeyService(client: host.client))
        return S3Store(database: database, files: files, keys: keys)
    }

    static func services(on host: ServiceHost, _ store: S3Store) async throws -> [AWSService] {
        try await host.publishEvents(of: store.database, as: "s3", to: ["functions", "messages", "thumbnails"])
        let collector = OrphanCollector(store: store, clock: host.clock)
        let scrubber = Scrubber(store: store, clock: host.clock, log: host.log, metrics: host.metrics)
        let logger = try await accessLogger(on: host, store)
        let restorer = RestoreWorker(store: store, clock: host.clock)
        let seconds = try host.configuration.number("APUS_S3_RESTORE_SECONDS", default: 5)
        let times = RestoreTimes(standard: .seconds(max(0, seconds)))
        let roles = AssumedRoles(
            client: host.client, clock: host.clock, as: "s3.amazonaws.com", session: "s3-replication")
        let jobRoles = AssumedRoles(
            client: host.client, clock: host.clock, as: "batchoperations.s3.amazonaws.com", session: "s3-batch")
        let jobs = BatchWorker(store: store, client: host.client, roles: jobRoles, clock: host.clock, log: host.log)
        let replication = ReplicationWorker(store: store, client: host.client, clock: host.clock, log: host.log)
        let metadataSeconds = try host.configuration.number("APUS_S3_METADATA_SECONDS", default: 30)
        let metadata = MetadataWorker(
            store: store, clock: host.clock, log: host.log, interval: .seconds(max(1, metadataSeconds)))
        let images = try images(on: host, store)
        host.work("restore", restorer.run)
        host.work("lifecycle", try lifecycle(on: host, store).run)
        host.work("orphan collector", collector.run)
        host.work("scrubber", scrubber.run)
        host.work("replication", replication.run)
        host.work("batch jobs", jobs.run)
        host.work("metadata tables", metadata.run)
        return [
            service(store, logger, times, images, RootFactor(client: host.client)), S3Control.service(store),
            S3Tables.service(store), S3Tables.catalog(store),
            .internal(
                "apus.objects", operations: internalOperations(store, roles, jobRoles, images)),
        ]
    }

    /// Makes images for websites, once somebody asks for the first one.
    private static func images(on host: ServiceHost, _ store: S3Store) throws -> ImageDeriver {
        let megabytes = try host.configuration.number("APUS_S3_IMAGES_MIB", default: 1024)
        let kept = DerivedImageStore(limit: Int64(max(16, megabytes)) << 20) {
            try host.database("derived.db", migrations: Schema.derivedImageMigrations)
        }
        return ImageDeriver(store: store, client: host.client, kept: kept, log: host.log, metrics: host.metrics)
    }

    private static func lifecycle(on host: ServiceHost, _ store: S3Store) throws -> LifecycleWorker {
        let seconds = try host.configuration.number("APUS_S3_LIFECYCLE_SECONDS", default: 0)
        return LifecycleWorker(store: store, clock: host.clock, interval: seconds > 0 ? .seconds(seconds) : nil)
    }

    /// Writes access logs from now on.
    private static func accessLogger(on host: ServiceHost, _ store: S3Store) async throws -> AccessLogger {
        let logger = AccessLogger()
        if try await !store.read({ try $0.namesOfBuckets(with: .logging) }).isEmpty { logger.watch() }
        let seconds = try host.configuration.number("APUS_S3_LOG_SECONDS", default: 300)
        let delivery = AccessLogDelivery(
            store: store, logger: logger, clock: host.clock, log: host.log, interval: .seconds(max(1, seconds)))
        let (clock, log) = (host.clock, host.log)
        host.work("access records") { try await logger.run(store, clock, log) }
        host.work("access log delivery", delivery.run)
        // What was noted in the last second. Before the database closes: what was added last is closed first.
        host.atClose {
            do {
                try await logger.record(in: store, log)
            } catch {
                log.error("Access records are lost", ["error": "\(error)"])
            }
        }
        return logger
    }

    private static func service(
        _ store: S3Store, _ logger: AccessLogger, _ times: RestoreTimes, _ images: ImageDeriver,
        _ factor: RootFactor
    ) -> AWSService {
        var errors = AWSService.ErrorForms(accessDenied: "AccessDenied", status: 403, validation: "InvalidArgument")
        errors.malformedBodies = ServiceError.malformedBodies
        var service = AWSService(
            "s3", errors: errors,
            // Clients in C and C++ ask for checksums in small letters, and AWS answers them. The model lacks a canned
            // list that AWS documents: `log-delivery-write`. What encryption there is is said after what policies say.
            // An algorithm that there is not is refused in S3's own words.
            ownEnumerations: [
                "ChecksumMode", "ChecksumAlgorithm", "ChecksumType", "ACL", "ServerSideEncryption", "StorageClass",
                LifecycleConfiguration.minimumSizeMember,
            ],
            operations: bucketOperations(store) + configurationOperations(store, logger, factor)
                + namedConfigurationOperations(store) + metadataOperations(store)
                + objectOperations(store, images, factor) + archiveOperations(store, times) + uploadOperations(store)
                + refusedOperations(store))
        service.observer = logger
        return service
    }

    private static func bucketOperations(_ store: S3Store) -> [any AWSOperation] {
        [
            CreateBucket(store: store), DeleteBucket(store: store), HeadBucket(store: store),
            ListBuckets(store: store), GetBucketLocation(store: store), GetBucketAcl(store: store),
            PutBucketAcl(store: store),
        ]
    }

    private static func configurationOperations(
        _ store: S3Store, _ logger: AccessLogger, _ factor: RootFactor
    ) -> [any AWSOperation] {
        [
            GetBucketVersioning(store: store), PutBucketVersioning(store: store, factor: factor),
            GetBucketTagging(store: store), PutBucketTagging(store: store), DeleteBucketTagging(store: store),
            GetBucketPolicy(store: store), PutBucketPolicy(store: store), DeleteBucketPolicy(store: store),
            GetBucketPolicyStatus(store: store),
            GetPublicAccessBlock(store: store), PutPublicAccessBlock(store: store),
            DeletePublicAccessBlock(store: store),
            GetBucketOwnershipControls(store: store), PutBucketOwnershipControls(store: store),
            DeleteBucketOwnershipControls(store: store),
            GetBucketCors(store: store), PutBucketCors(store: store), DeleteBucketCors(store: store),
            GetBucketWebsite(store: store), PutBucketWebsite(store: store), DeleteBucketWebsite(store: store),
            GetBucketEncryption(store: store), PutBucketEncryption(store: store),
            DeleteBucketEncryption(store: store),
            GetBucketLifecycleConfiguration(store: store), PutBucketLifecycleConfiguration(store: store),
            DeleteBucketLifecycle(store: store),
            GetBucketNotificationConfiguration(store: store), PutBucketNotificationConfiguration(store: store),
            GetBucketRequestPayment(store: store), PutBucketRequestPayment(store: store),
            GetBucketAccelerateConfiguration(store: store), PutBucketAccelerateConfiguration(store: store),
            GetBucketAbac(store: store), PutBucketAbac(store: store),
            GetBucketLogging(store: store), PutBucketLogging(store: store, logger: logger),
            GetBucketReplication(store: store), PutBucketReplication(store: store),
            DeleteBucketReplication(store: store),
            GetObjectLockConfiguration(store: store), PutObjectLockConfiguration(store: store),
        ]
    }

    private static func namedConfigurationOperations(_ store: S3Store) -> [any AWSOperation] {
        [
            GetBucketMetricsConfiguration(store: store), PutBucketMetricsConfiguration(store: store),
            DeleteBucketMetricsConfiguration(store: store), ListBucketMetricsConfigurations(store: store),
            GetBucketAnalyticsConfiguration(store: store), PutBucketAnalyticsConfiguration(store: store),
            DeleteBucketAnalyticsConfiguration(store: store), ListBucketAnalyticsConfigurations(store: store),
            GetBucketInventoryConfiguration(store: store), PutBucketInventoryConfiguration(store: store),
            DeleteBucketInventoryConfiguration(store: store), ListBucketInventoryConfigurations(store: store),
            GetBucketIntelligentTieringConfiguration(store: store),
            PutBucketIntelligentTieringConfiguration(store: store),
            DeleteBucketIntelligentTieringConfiguration(store: store),
            ListBucketIntelligentTieringConfigurations(store: store),
        ]
    }

    private static func metadataOperations(_ store: S3Store) -> [any AWSOperation] {
        [
            CreateBucketMetadataConfiguration(store: store), GetBucketMetadataConfiguration(store: store),
            DeleteBucketMetadataConfiguration(store: store),
            UpdateBucketMetadataJournalTableConfiguration(store: store),
            UpdateBucketMetadataInventoryTableConfiguration(store: store),
            CreateBucketMetadataTableConfiguration(store: store), GetBucketMetadataTableConfiguration(store: store),
            DeleteBucketMetadataTableConfiguration(store: store),
        ]
    }

    /// What directory buckets alone have, and what S3 gave up.
    private static func refusedOperations(_ store: S3Store) -> [any AWSOperation] {
        [
            GetObjectTorrent(store: store), RenameObject(store: store), CreateSession(store: store),
            ListDirectoryBuckets(),
        ]
    }

    private static func objectOperations(
        _ store: S3Store, _ images: ImageDeriver, _ factor: RootFactor
    ) -> [any AWSOperation] {
        [
            PutObject(store: store), GetObject(store: store, images: images),
            HeadObject(store: store, images: images), DeleteObject(store: store, factor: factor),
            DeleteObjects(store: store, factor: factor),
            CopyObject(store: store), ListObjectsV2(store: store),
            ListObjects(store: store), ListObjectVersions(store: store), GetObjectAttributes(store: store),
            GetObjectAcl(store: store), PutObjectAcl(store: store), GetObjectTagging(store: store),
            PutObjectTagging(store: store),
            DeleteObjectTagging(store: store), PutObjectRetention(store: store), GetObjectRetention(store: store),
            PutObjectLegalHold(store: store), GetObjectLegalHold(store: store),
        ]
    }

    private static func archiveOperations(_ store: S3Store, _ times: RestoreTimes) -> [any AWSOperation] {
        [RestoreObject(store: store, times: times), UpdateObjectEncryption(store: store)]
    }

    private static func uploadOperations(_ store: S3Store) -> [any AWSOperation] {
        [
            CreateMultipartUpload(store: store), UploadPart(store: store), UploadPartCopy(store: store),
            CompleteMultipartUpload(store: store), AbortMultipartUpload(store: store), ListParts(store: store),
            ListMultipartUploads(store: store),
        ]
    }

    private static func internalOperations(
        _ store: S3Store, _ roles: AssumedRoles, _ jobRoles: AssumedRoles, _ images: ImageDeriver
    ) -> [any AWSOperation] {
        [
            GetWebsitePage(store: store, images: images), MatchCORS(store: store),
            ReplicateVersion(store: store, roles: roles), DescribeThumbnails(store: store),
            InitiateReplication(store: store, roles: jobRoles),
            AdmitManifestGenerator(store: store, roles: jobRoles),
            ComputeObjectChecksum(store: store, roles: jobRoles),
        ]
    }
}
