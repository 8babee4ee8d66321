import ServiceKit

/// A multipart upload that is not completed yet.
struct Upload: Sendable {
    let id: String
    let key: String
    let initiated: Timestamp
    /// ARN of who began it.
    let initiator: String
    let storageClass: String
    let algorithm: ChecksumAlgorithm
    let checksumType: ChecksumType
    let headers: ObjectHeaders
    let tags: Tags
}

/// A part that has arrived.
struct Part: Sendable {
    let number: Int
    let modified: Timestamp
    let size: Int64
    /// Without quotes.
    let etag: String
    let checksum: ContentChecksum?
    let segments: [Segment]

    func write(to json: inout JSONWriter) {
        json.member("PartNumber", number)
        json.member("LastModified", modified)
        json.member("ETag", "\"\(etag)\"")
        json.member("Size", size)
        checksum?.write(to: &json, withType: false)
    }
}
