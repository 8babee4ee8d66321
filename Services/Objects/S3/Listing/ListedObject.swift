import ServiceKit

/// What listings tell besides where they are asked: `x-amz-optional-object-attributes`.
enum OptionalObjectAttribute {
    static func asksForRestoreStatus(_ member: Members) throws -> Bool {
        let names: [String] = try member("OptionalObjectAttributes") ?? []
        return names.contains("RestoreStatus")
    }
}

/// A line of a listing.
struct ListedObject: Sendable {
    let id: Int64
    let key: String
    let version: String
    let isDeleteMarker: Bool
    let modified: Timestamp
    let size: Int64
    let etag: String
    let storageClass: String
    let checksum: ContentChecksum?
    /// `nil` for the bucket's.
    let owner: CanonicalUser?
    /// Where the lister asks for it.
    var restoration: Restoration?

    func write(to json: inout JSONWriter, _ encoding: ListingEncoding, owner bucketOwner: CanonicalUser?) {
        json.member("Key", encoding(key))
        json.member("LastModified", modified)
        json.member("ETag", "\"" + etag + "\"")
        if let checksum {
            json.member("ChecksumAlgorithm") { $0.array { $0.string(checksum.algorithm.rawValue) } }
            json.member("ChecksumType", checksum.type.rawValue)
        }
        json.member("Size", size)
        json.member("StorageClass", storageClass)
        if let bucketOwner { json.member("Owner", owner ?? bucketOwner) }
        restoration?.writeStatus(to: &json)
    }
}
