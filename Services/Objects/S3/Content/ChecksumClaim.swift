import ServiceKit

/// What the sender says about the bytes it sends: digests to verify, and the checksum to store.
struct ChecksumClaim: Sendable {
    /// Sixteen bytes, from `Content-MD5`.
    let md5: [UInt8]?
    /// The checksum to compute: the one claimed, the one asked for, or the default.
    let algorithm: ChecksumAlgorithm
    /// Whether the sender named it.
    let isNamed: Bool
    /// Its claimed value; `nil` where the sender only asked for the algorithm.
    let value: [UInt8]?

    /// - Throws: `InvalidDigest`, `InvalidRequest` for values that are no such checksum or more than one of them.
    init(_ member: Members, default fallback: ChecksumAlgorithm = .crc64nvme) throws {
        md5 = try Self.md5(try member("ContentMD5"))
        let claims = try Self.claims(member)
        guard claims.count <= 1 else {
            throw ServiceError.invalidRequest(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
        }
        let asked = try ChecksumAlgorithm.named(try member("ChecksumAlgorithm"))
        if let asked, let claimed = claims.first?.algorithm, asked != claimed {
            throw ServiceError.invalidRequest(
                "Value for x-amz-sdk-checksum-algorithm header is invalid.")
        }
        let named = claims.first?.algorithm ?? asked
        algorithm = named ?? fallback
        isNamed = named != nil
        value = claims.first?.value
    }

    private init(md5: [UInt8]?, algorithm: ChecksumAlgorithm, value: [UInt8]?) {
        self.md5 = md5
        self.algorithm = algorithm
        isNamed = false
        self.value = value
    }

    /// Nothing claimed: bytes that come from another object.
    static func none(computing algorithm: ChecksumAlgorithm) -> ChecksumClaim {
        ChecksumClaim(md5: nil, algorithm: algorithm, value: nil)
    }

    static func claims(_ member: Members) throws -> [(algorithm: ChecksumAlgorithm, value: [UInt8])] {
        try ChecksumAlgorithm.allCases.compactMap { algorithm in
            guard let text: String = try member(algorithm.member) else { return nil }
            guard let value = Base64.decode(Array(text.utf8)), value.count == algorithm.byteCount else {
                throw ServiceError.invalidChecksumHeader(algorithm.header)
            }
            return (algorithm, value)
        }
    }

    private static func md5(_ text: String?) throws -> [UInt8]? {
        guard let text else { return nil }
        guard let digest = Base64.decode(Array(text.utf8)), digest.count == MD5.byteCount else {
            throw ServiceError.invalidDigest
        }
        return digest
    }
}
