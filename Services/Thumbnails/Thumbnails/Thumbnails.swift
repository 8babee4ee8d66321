import ServiceKit

/// Derives smaller images of what is uploaded to buckets that ask for it with the tag `apus:thumbnails`, whose value
/// lists the longest edges in pixels: `256 1024`.
///
/// `photo.jpg` becomes `thumbnails/256/photo.jpg`; an image that is refused leaves
/// `thumbnails/errors/photo.jpg.json`, which says why and is an object event like any other.
public enum Thumbnails {
    static let prefix = "thumbnails/"
    /// Who the service is to S3, which lets it into tagged buckets.
    static let principal = "thumbnails.apus"

    public static func services(on host: ServiceHost, renderer: Renderer) throws -> [AWSService] {
        let database = try host.database("thumbnails.sqlite", migrations: Schema.all)
        let objects = Objects(client: host.client)
        let deriver = Deriver(
            objects: objects, renderer: renderer, database: database, clock: host.clock, log: host.log,
            metrics: host.metrics)
        let retries = RetryWorker(deriver: deriver, database: database, clock: host.clock)
        let regenerations = RegenerationWorker(
            deriver: deriver, objects: objects, database: database, clock: host.clock, log: host.log)
        host.work("images that wait", retries.run)
        host.work("regenerations", regenerations.run)
        host.followEvents(
            of: "objects", log: "s3", as: "thumbnails", types: ["ObjectNotification.Thumbnails"], in: database,
            .repeatable { event in try await deriver.apply(try ObjectChange(event.members())) })
        return [
            .internal(
                "apus.thumbnails",
                operations: [
                    DeriveImage(renderer: renderer, log: host.log, metrics: host.metrics),
                    StartRegeneration(database: database, objects: objects), CancelRegeneration(database: database),
                    ListRegenerations(database: database),
                ])
        ]
    }
}

/// What happened to an object, as S3's event says it.
struct ObjectChange: InputShape {
    let bucket: String
    let account: String
    let region: String
    let key: String
    let event: String
    /// The value of the bucket's tag.
    let target: String

    init(_ member: Members) throws {
        bucket = try member("bucket")
        account = try member("account")
        region = try member("region")
        key = try member("key")
        event = try member("event")
        target = try member("target")
    }

    /// An object as it is now, whatever happened to it.
    init(bucket: String, account: String, region: String, key: String, target: String) {
        (self.bucket, self.account, self.region, self.key) = (bucket, account, region, key)
        (self.event, self.target) = ("", target)
    }

    /// Whether it is one of those that were derived, or a report.
    var isDerived: Bool { key.hasPrefix(Thumbnails.prefix) }
    var isRemoval: Bool { event.hasPrefix("ObjectRemoved") }

    /// Longest edges in pixels, at most eight of them; what is no sensible number is passed over.
    var edges: [Int] {
        Array(target.split { !$0.isNumber }.compactMap { Int($0) }.filter { (8...4096).contains($0) }.prefix(8))
    }

    func derivedKey(_ edge: Int) -> String { "\(Thumbnails.prefix)\(edge)/\(key)" }
    var errorKey: String { "\(Thumbnails.prefix)errors/\(key).json" }
}
