import ServiceKit

/// A multipart upload that is not completed yet.
struct Upload: Sendable {
    let id: String
    let key: String
    let initiated: Timestamp
    /// ARN of who began it.
    let initiator: String
    let storageClass: String
    /// As the request asked. Where it did not, parts may come with any, and the object has a CRC-64/NVME.
    let givenAlgorithm: ChecksumAlgorithm?
    let checksumType: ChecksumType
    let headers: ObjectHeaders
    let tags: Tags
    let encryption: Encryption?
    let lock: ObjectLock
    /// Of the object it becomes; `nil` for the bucket owner's alone.
    let list: AccessControlList?

    /// The entity tag of a part with this MD5.
    func entityTag(_ md5: [UInt8], _ key: DataKey?) -> String {
        guard let key, let encryption else { return Hex.string(md5) }
        return encryption.entityTag(md5, key)
    }

    /// Whether a caller began it, or the account of one who did.
    func isBegun(by caller: Caller) -> Bool {
        initiator == caller.arn || caller.kind == .root && ARN(initiator)?.account == caller.account
    }

    /// An account by its canonical id, users and sessions by their ARN.
    func writeInitiator(to json: inout JSONWriter) {
        if let arn = ARN(initiator), arn.resource == "root" {
            CanonicalUser(arn.account).write(to: &json)
        } else {
            json.member("ID", initiator)
        }
    }

    var algorithm: ChecksumAlgorithm { givenAlgorithm ?? .crc64nvme }

    /// Whether a part may come with this checksum; `nil` is none.
    func takesParts(with checksum: ChecksumAlgorithm?) -> Bool {
        guard let checksum else { return givenAlgorithm == nil || checksumType == .fullObject }
        return givenAlgorithm.map { $0 == checksum } ?? !checksum.mustBeAnnounced
    }
}

/// A part that has arrived.
struct Part: Sendable {
    let number: Int
    let modified: Timestamp
    let size: Int64
    /// Without quotes.
    let etag: String
    let checksum: ContentChecksum?
    /// CRC-64/NVME of the bytes as they were sent.
    let crc: UInt64?
    let segments: [Segment]

    func write(to json: inout JSONWriter) {
        json.member("PartNumber", number)
        json.member("LastModified", modified)
        json.member("ETag", "\"\(etag)\"")
        json.member("Size", size)
        checksum?.write(to: &json, withType: false)
    }
}
