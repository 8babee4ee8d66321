import Iceberg
import ServiceKit

/// The columns of the tables that tell of a bucket's objects.
///
/// [Journal tables](https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-schema.html),
/// [live inventory tables](https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-inventory-schema.html)
enum MetadataColumns {
    static let journal: [Column] = numbered(which + change + object + cause)
    static let inventory: [Column] = numbered(which + object)

    private static let which = [
        Column(0, "bucket", .string, isRequired: true, doc: "The general purpose bucket name."),
        Column(
            0, "key", .string, isRequired: true, isBounded: true,
            doc: "The key that identifies the object in the bucket."),
        Column(
            0, "sequence_number", .string, isRequired: true, isBounded: true,
            doc: "An ordinal by which the records of the same bucket and key are sorted."),
    ]

    private static let change = [
        Column(
            0, "record_type", .string, isRequired: true, isBounded: true,
            doc: "One of CREATE, UPDATE_METADATA, or DELETE."),
        Column(
            0, "record_timestamp", .timestamp, isRequired: true, isBounded: true, doc: "When the change was made."),
    ]

    private static let object = [
        Column(0, "version_id", .string, doc: "The object's version ID."),
        Column(0, "is_delete_marker", .boolean, isBounded: true, doc: "True if the object is a delete marker."),
        Column(0, "size", .long, isBounded: true, doc: "The object size in bytes."),
        Column(
            0, "last_modified_date", .timestamp, isBounded: true, doc: "When the object was created or last modified."),
        Column(0, "e_tag", .string, doc: "The entity tag, which is a hash of the object."),
        Column(0, "storage_class", .string, isBounded: true, doc: "The storage class of the object."),
        Column(0, "is_multipart", .boolean, doc: "True if the object was uploaded as a multipart upload."),
        Column(0, "encryption_status", .string, doc: "One of SSE-S3, SSE-KMS, DSSE-KMS, SSE-C, or null."),
        Column(0, "is_bucket_key_enabled", .boolean, doc: "True if the object uses an S3 Bucket Key."),
        Column(0, "kms_key_arn", .string, doc: "The ARN of the KMS key with which the object is encrypted."),
        Column(0, "checksum_algorithm", .string, doc: "The algorithm that made the object's checksum."),
        Column(0, "object_tags", .map(key: 0, value: 0), doc: "The object's tags."),
        Column(0, "user_metadata", .map(key: 0, value: 0), doc: "The object's user metadata."),
    ]

    private static let cause = [
        Column(0, "requester", .string, doc: "The account or the service principal that made the request."),
        Column(0, "source_ip_address", .string, doc: "The source IP address of the request."),
        Column(0, "request_id", .string, doc: "The request ID."),
    ]

    /// Numbers for the columns in their order, and behind them for what they consist of.
    private static func numbered(_ columns: [Column]) -> [Column] {
        var part = columns.count
        return columns.enumerated().map { index, column in
            var kind = column.kind
            if case .map = kind {
                kind = .map(key: part + 1, value: part + 2)
                part += 2
            }
            return Column(
                index + 1, column.name, kind, isRequired: column.isRequired, isBounded: column.isBounded,
                doc: column.doc)
        }
    }
}

extension StoredObject {
    /// What both tables tell of a version or a marker: from `version_id` to `user_metadata`.
    func metadataCells() throws -> [Cell] {
        let modified = Cell.timestamp(self.modified.milliseconds * 1000)
        let versionCell = Cell(version == VersionID.null ? nil : version)
        guard !isDeleteMarker else {
            return [versionCell, .boolean(true), .long(0), modified] + Array(repeating: .null, count: 9)
        }
        let pairs = try headers.metadata.sorted { $0.key < $1.key }.map { Cell.Entry($0.key, $0.value) }
        return [
            versionCell, .boolean(false), .long(size), modified, .string(etag), .string(storageClass),
            .boolean(partCount != nil), Cell(encryption?.status), .boolean(encryption?.usesBucketKey ?? false),
            Cell(encryption?.keyARN), Cell(checksum?.algorithm.rawValue),
            .map(tags.all.map { Cell.Entry($0.key, $0.value) }), .map(pairs),
        ]
    }
}

extension Encryption {
    fileprivate var status: String {
        switch method {
        case .store: "SSE-S3"
        case .customer: "SSE-C"
        case .managed(let key): key.secondLayer == nil ? "SSE-KMS" : "DSSE-KMS"
        }
    }

    fileprivate var usesBucketKey: Bool {
        if case .managed(let key) = method { return key.usesBucketKey }
        return false
    }

    fileprivate var keyARN: String? {
        if case .managed(let key) = method { return key.arn }
        return nil
    }
}
