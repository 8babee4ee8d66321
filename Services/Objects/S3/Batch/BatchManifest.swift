import Compression
import ServiceKit

/// The list of a job's objects that somebody wrote before it.
///
/// [Manifests](https://docs.aws.amazon.com/AmazonS3/latest/userguide/specify-batchjob-manifest.html)
struct BatchManifest: Sendable {
    private static let largestIndex = 16 << 20

    let session: BatchSession
    private let isInventory: Bool
    private let fields: [String]
    private let bucket: String
    private let key: String
    private let version: String?
    private let etag: String

    /// - Throws: `InvalidRequest`
    init(_ manifest: JSONValue, _ session: BatchSession) throws {
        self.session = session
        let (bucket, key) = try Self.check(manifest)
        (self.bucket, self.key) = (bucket, key)
        let (specification, location) = (manifest["Spec"], manifest["Location"])
        isInventory = specification?["Format"]?.string == "S3InventoryReport_CSV_20161130"
        fields = specification?["Fields"]?.elements.compactMap(\.string) ?? []
        version = location?["ObjectVersionId"]?.string
        etag = EntityTag.unquoted(location?["ETag"]?.string ?? "")
    }

    /// Returns where it is.
    ///
    /// - Throws: `InvalidRequest`
    @discardableResult
    static func check(_ manifest: JSONValue) throws -> (bucket: String, key: String) {
        let fields = manifest["Spec"]?["Fields"]?.elements.compactMap(\.string) ?? []
        let isInventory = manifest["Spec"]?["Format"]?.string == "S3InventoryReport_CSV_20161130"
        if !isInventory, !fields.contains("Bucket") || !fields.contains("Key") {
            throw ServiceError.invalidRequest("A manifest must have the fields Bucket and Key.")
        }
        guard let arn = manifest["Location"]?["ObjectArn"]?.string.flatMap(ARN.init),
            let slash = arn.resource.firstIndex(of: "/")
        else { throw ServiceError.invalidRequest("The manifest's ARN is not that of an object.") }
        return (String(arn.resource[..<slash]), String(arn.resource[arn.resource.index(after: slash)...]))
    }

    /// Hands out the targets as they are read, some at a time.
    ///
    /// - Throws: `BatchJob.Failure`, `ServiceError`
    func read(_ take: ([BatchTarget]) async throws -> Void) async throws {
        let stream = try await open(bucket, key, version, etag)
        guard isInventory else { return try await read(stream, fields, isCompressed: false, take) }
        let index = try JSONDocument(try await stream.collect(upTo: Self.largestIndex)).root
        let schema = (index["fileSchema"]?.string ?? "").split(separator: ",").map { $0.drop { $0 == " " } }
        guard index["fileFormat"]?.string == "CSV", let place = index["destinationBucket"]?.bucketName else {
            throw BatchJob.Failure(code: "InvalidManifest", reason: "The inventory report is not of CSV.")
        }
        for file in index["files"]?.elements.compactMap({ $0["key"]?.string }) ?? [] {
            try await read(try await open(place, file), schema.map(String.init), isCompressed: true, take)
        }
    }

    private func open(
        _ bucket: String, _ key: String, _ version: String? = nil, _ etag: String? = nil
    ) async throws -> ByteStream {
        let reply = try await session.s3("GetObject") { json in
            json.member("Bucket", bucket)
            json.member("Key", key)
            json.member("VersionId", version)
            json.member("IfMatch", etag)
        }
        return reply.stream ?? ByteStream([])
    }

    private func read(
        _ stream: ByteStream, _ fields: [String], isCompressed: Bool, _ take: ([BatchTarget]) async throws -> Void
    ) async throws {
        var rows = CSVRows()
        let expander = isCompressed ? try Expander() : nil
        while let chunk = try await stream.next() {
            guard let expander else {
                try await take(try rows.append(chunk).map { try target($0, fields) })
                continue
            }
            expander.append(chunk)
            while case let piece = try expander.next(), !piece.isEmpty {
                try await take(try rows.append(piece).map { try target($0, fields) })
            }
        }
        try expander?.finish()
        try await take(try rows.finish().map { try target($0, fields) })
    }

    private func target(_ row: [String], _ fields: [String]) throws -> BatchTarget {
        func value(_ field: String) -> String? {
            guard let index = fields.firstIndex(of: field), row.indices.contains(index) else { return nil }
            return row[index]
        }
        guard row.count <= fields.count, let bucket = value("Bucket"), let encoded = value("Key"), !encoded.isEmpty,
            let bytes = PercentEncoding.decode(encoded.utf8, plusIsSpace: true),
            let key = String(validating: bytes, as: UTF8.self)
        else { throw BatchJob.Failure(code: "InvalidManifest", reason: "A row of the manifest cannot be read: \(row)") }
        let version = value("VersionId").flatMap { $0.isEmpty ? nil : $0 }
        return BatchTarget(bucket: bucket, key: key, version: version)
    }
}
