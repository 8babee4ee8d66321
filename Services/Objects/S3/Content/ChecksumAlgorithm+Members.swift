import ServiceKit

extension ChecksumAlgorithm {
    /// `ChecksumCRC32`
    var member: String { "Checksum\(rawValue)" }

    /// Whether an upload in parts takes it only if it was begun with it.
    ///
    /// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html)
    var mustBeAnnounced: Bool {
        switch self {
        case .crc32, .crc32c, .crc64nvme, .sha1, .sha256: false
        case .md5, .sha512, .xxhash64, .xxhash3, .xxhash128: true
        }
    }

    /// `nil` where the member is absent.
    ///
    /// - Throws: `InvalidRequest` for any other name.
    static func named(_ name: String?) throws -> ChecksumAlgorithm? {
        guard let name else { return nil }
        guard let algorithm = ChecksumAlgorithm(rawValue: name.uppercased()) else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            throw ServiceError.invalidRequest(
                "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [\(names)]")
        }
        return algorithm
    }
}
