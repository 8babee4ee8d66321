import Bytes
import Compression
import Crypto
import ServiceKit

/// Sends the images of exports to their buckets, in the name of who asked for them.
///
/// Each object sent is noted before the next; after a crash the last one is sent again under the same key.
struct Exporter: Sendable {
    private static let partItems = 5000

    let tables: TableStore
    let client: ServiceClient

    /// Returns when nothing is left to be sent.
    func run(at now: Timestamp) async throws {
        for export in try await tables.read({ try $0.pendingExports() }) { try await send(export, at: now) }
    }

    private func send(_ export: TableExport, at now: Timestamp) async throws {
        var export = export
        do {
            if export.offset == 0 { _ = try await put([], at: export.key("_started"), of: export) }
            while try await sendPart(of: &export) { try Task.checkCancellation() }
            export.status = .completed
            export.endTime = now
            try await putManifests(of: export)
        } catch let error as ServiceError where error.status < 500 {
            export.status = .failed
            export.endTime = now
            export.failureCode = error.code == "NoSuchBucket" ? "S3NoSuchBucket" : error.code
            export.failureMessage = error.message
        }
        let done = export
        try await tables.write { try $0.keep(done) }
        tables.backups.remove(export.file)
    }

    /// False at the end of the image.
    private func sendPart(of export: inout TableExport) async throws -> Bool {
        let (items, next) = try tables.backups.read(export.file, from: export.offset, limit: Self.partItems)
        guard !items.isEmpty else { return false }
        var lines: [UInt8] = []
        for item in items {
            lines += try export.line(item)
            export.bytes += Int64(try item.size())
        }
        let bytes = try Compressor.compress(lines)
        let key = export.dataKey(export.parts.count)
        let etag = try await put(bytes, at: key, of: export)
        export.parts.append(
            TableExport.Part(
                items: Int64(items.count), md5: Base64.string(MD5.hash(bytes)), etag: etag, key: key))
        export.offset = next
        let sent = export
        try await tables.write { try $0.keep(sent) }
        return true
    }

    private func putManifests(of export: TableExport) async throws {
        var files: [UInt8] = []
        for part in export.parts {
            var json = JSONWriter()
            json.value(part)
            files += json.bytes + [UInt8(ascii: "\n")]
        }
        var summary = JSONWriter()
        summary.value(ExportManifest(export: export))
        for (name, bytes) in [("manifest-files", files), ("manifest-summary", summary.bytes)] {
            _ = try await put(bytes, at: export.key("\(name).json"), of: export)
            _ = try await put(
                Array(Base64.string(MD5.hash(bytes)).utf8), at: export.key("\(name).md5"), of: export)
        }
    }

    /// The object's ETag.
    private func put(_ bytes: [UInt8], at key: String, of export: TableExport) async throws -> String {
        var options = ServiceClient.Options()
        options.region = export.region
        options.stream = ByteStream(bytes)
        options.isIdempotent = true
        let caller = try Caller(json: JSONDocument(export.caller).root)
        let reply = try await client.call("s3", "PutObject", as: caller, options: options) { json in
            json.member("Bucket", export.bucket)
            json.member("Key", key)
            json.member("ContentLength", bytes.count)
            json.member("ExpectedBucketOwner", export.bucketOwner)
            if export.encryption == "KMS" { json.member("ServerSideEncryption", "aws:kms") }
            json.member("SSEKMSKeyId", export.keyID)
        }
        return reply.output["ETag"]?.string ?? ""
    }
}

extension TableExport {
    /// The line of an item, or of what became of one.
    func line(_ stored: StoredItem) throws -> [UInt8] {
        let item = try stored.attributes()
        let record: AttributeMap = span == nil ? ["Item": .map(item)] : item
        switch format {
        case .json:
            var json = JSONWriter()
            json.object { json in
                for entry in record.entries {
                    guard case .map(let part) = entry.value else { continue }
                    json.name(entry.name.string)
                    part.writeValue(to: &json)
                }
            }
            return json.bytes + [UInt8(ascii: "\n")]
        case .ion:
            var ion = IonWriter()
            ion.line(record)
            return ion.bytes
        }
    }
}

/// `manifest-summary.json`
private struct ExportManifest: OutputShape {
    let export: TableExport

    func write(to json: inout JSONWriter) {
        json.member("version", export.span == nil ? "2020-06-30" : "2023-08-01")
        json.member("exportArn", export.arn)
        json.member("startTime", export.startTime.iso8601(milliseconds: true))
        json.member("endTime", (export.endTime ?? export.startTime).iso8601(milliseconds: true))
        json.member("tableArn", export.tableARN)
        json.member("tableId", export.tableID)
        if let span = export.span {
            json.member("exportFromTime", span.from.iso8601(milliseconds: true))
            json.member("exportToTime", span.to.iso8601(milliseconds: true))
            json.member("outputView", span.view.rawValue)
        } else {
            json.member("exportTime", export.exportTime.iso8601(milliseconds: true))
        }
        json.member("s3Bucket", export.bucket)
        json.member("s3Prefix", export.prefix)
        json.member("s3SseAlgorithm", export.encryption ?? "AES256")
        json.member("s3SseKmsKeyId", export.keyID)
        json.member("manifestFilesS3Key", export.key("manifest-files.json"))
        json.member("billedSizeBytes", export.bytes)
        json.member("itemCount", export.items)
        json.member("outputFormat", export.format.rawValue)
        json.member("exportType", export.type)
    }
}
