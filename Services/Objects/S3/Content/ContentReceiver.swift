import ServiceKit

/// Takes in the bytes of an object or part: counts, hashes, verifies, and puts them where they stay.
struct ContentReceiver: Sendable {
    /// Up to here bytes are kept in the row: one sync instead of three (decision 0022).
    static let inlineLimit = 32 << 10

    private let files: ByteFiles
    private let claim: ChecksumClaim
    private let allowsInline: Bool
    private let key: DataKey?

    /// - Parameters:
    ///   - key: what the bytes are enciphered under; `nil` leaves them as they are.
    ///   - allowsInline: false for parts, whose files become segments.
    init(files: ByteFiles, claim: ChecksumClaim, key: DataKey?, allowsInline: Bool = true) {
        self.files = files
        self.claim = claim
        self.key = key
        self.allowsInline = allowsInline
    }

    /// - Throws: `BadDigest`, `IncompleteBody`, `EntityTooLarge`; then nothing is kept.
    func receive(_ stream: ByteStream, declared length: Int64?, limit: Int64) async throws -> ReceivedContent {
        if let length, length > limit { throw ServiceError.entityTooLarge(length, limit: limit) }
        let expected = length ?? stream.length.map(Int64.init)
        var hashes = ContentHashes(claim.algorithm)
        var head: [UInt8] = []
        var size: Int64 = 0
        var (writer, arrived) = try await begin(with: stream, of: expected)
        while var chunk = arrived {
            size += Int64(chunk.count)
            if size > limit { throw ServiceError.entityTooLarge(size, limit: limit) }
            if writer == nil {
                head += chunk
                if head.count > Self.inlineLimit {
                    writer = try await ByteFileWriter(in: files, of: expected, under: key)
                    (chunk, head) = (head, [])
                }
            }
            if let writer {
                try await writer.write(chunk)
                hashes.update(chunk)
            }
            arrived = try await next(of: stream)
        }
        if let length, size != length { throw ServiceError.incompleteBody }
        if writer == nil { hashes.update(head) }
        let sums = try hashes.verified(against: claim)
        return ReceivedContent(
            content: try await finish(writer, head), size: size, md5: sums.md5, checksum: sums.checksum,
            crc: sums.crc)
    }

    /// The first bytes, and the file that will surely be wanted, made while they are on their way.
    private func begin(
        with stream: ByteStream, of size: Int64?
    ) async throws -> (writer: ByteFileWriter?, first: [UInt8]?) {
        guard !allowsInline || size ?? 0 > Self.inlineLimit else { return (nil, try await next(of: stream)) }
        async let writer = ByteFileWriter(in: files, of: size, under: key)
        let first = try await next(of: stream)
        return (try await writer, first)
    }

    private func finish(_ writer: ByteFileWriter?, _ head: [UInt8]) async throws -> ObjectContent {
        if let writer { return .segments([try await writer.finish()]) }
        return .inline(try key?.sealInline(head) ?? head)
    }

    /// A sender that goes away is the sender's fault.
    private func next(of stream: ByteStream) async throws -> [UInt8]? {
        do {
            return try await stream.next()
        } catch ByteStreamError.truncated {
            throw ServiceError.incompleteBody
        }
    }
}

/// Bytes that have arrived, are durable if they are files, and are not yet anybody's.
struct ReceivedContent: Sendable {
    let content: ObjectContent
    let size: Int64
    let md5: [UInt8]
    let checksum: ContentChecksum
    /// CRC-64/NVME of the bytes as they were sent.
    let crc: UInt64
}

/// The digests of bytes as they pass.
private struct ContentHashes {
    private let algorithm: ChecksumAlgorithm
    private var md5 = MD5()
    private var crc = CRC64NVME()
    /// Where it is neither of those.
    private var checksum: (any Checksum)?

    init(_ algorithm: ChecksumAlgorithm) {
        self.algorithm = algorithm
        checksum = algorithm == .crc64nvme || algorithm == .md5 ? nil : algorithm.start()
    }

    mutating func update(_ chunk: [UInt8]) {
        md5.update(chunk)
        crc.update(chunk)
        checksum?.update(chunk)
    }

    func verified(
        against claim: ChecksumClaim
    ) throws -> (md5: [UInt8], checksum: ContentChecksum, crc: UInt64) {
        var (md5, checksum) = (md5, checksum)
        let digest = md5.finalize()
        let sum = checksum?.finalize() ?? (algorithm == .md5 ? digest : crc.finalize())
        if let claimed = claim.md5, claimed != digest { throw ServiceError.badDigest }
        if let claimed = claim.value, claimed != sum { throw ServiceError.badChecksum(algorithm.rawValue) }
        return (digest, ContentChecksum(algorithm, Base64.string(sum)), crc.value)
    }
}
