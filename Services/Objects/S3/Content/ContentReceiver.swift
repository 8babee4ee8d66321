import ServiceKit

/// Takes in the bytes of an object or part: counts, hashes, verifies, and puts them where they stay.
struct ContentReceiver: Sendable {
    /// Up to here bytes are kept in the row: one sync instead of three (measured in `docs/decisions`).
    static let inlineLimit = 32 << 10

    private let files: ByteFiles
    private let claim: ChecksumClaim
    private let allowsInline: Bool

    /// - Parameter allowsInline: false for parts, whose files become segments.
    init(files: ByteFiles, claim: ChecksumClaim, allowsInline: Bool = true) {
        self.files = files
        self.claim = claim
        self.allowsInline = allowsInline
    }

    /// - Throws: `BadDigest`, `IncompleteBody`, `EntityTooLarge`; then nothing is kept.
    func receive(_ stream: ByteStream, declared length: Int64?, limit: Int64) async throws -> ReceivedContent {
        if let length, length > limit { throw ServiceError.entityTooLarge(length, limit: limit) }
        var hashes = ContentHashes(claim.algorithm)
        var head: [UInt8] = []
        var writer: ByteFileWriter?
        while let chunk = try await next(of: stream) {
            hashes.update(chunk)
            if hashes.size > limit { throw ServiceError.entityTooLarge(hashes.size, limit: limit) }
            if writer == nil {
                head += chunk
                if allowsInline, head.count <= Self.inlineLimit { continue }
                writer = try await ByteFileWriter(in: files)
                try await writer?.write(head)
                head = []
            } else {
                try await writer?.write(chunk)
            }
        }
        if let length, hashes.size != length { throw ServiceError.incompleteBody }
        let sums = try hashes.verified(against: claim)
        return ReceivedContent(
            content: try await finish(writer, head), size: hashes.size, md5: sums.md5, checksum: sums.checksum)
    }

    private func finish(_ writer: ByteFileWriter?, _ head: [UInt8]) async throws -> ObjectContent {
        if let writer { return .segments([try await writer.finish()]) }
        if allowsInline { return .inline(head) }
        return .segments([try await ByteFileWriter(in: files).finish()])
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
}

/// The digests of bytes as they pass.
private struct ContentHashes {
    private let algorithm: ChecksumAlgorithm
    private var md5 = MD5()
    private var checksum: any Checksum
    private(set) var size: Int64 = 0

    init(_ algorithm: ChecksumAlgorithm) {
        self.algorithm = algorithm
        checksum = algorithm.start()
    }

    mutating func update(_ chunk: [UInt8]) {
        md5.update(chunk)
        checksum.update(chunk)
        size += Int64(chunk.count)
    }

    func verified(against claim: ChecksumClaim) throws -> (md5: [UInt8], checksum: ContentChecksum) {
        var (md5, checksum) = (md5, checksum)
        let (digest, sum) = (md5.finalize(), checksum.finalize())
        if let claimed = claim.md5, claimed != digest { throw ServiceError.badDigest }
        if let claimed = claim.value, claimed != sum { throw ServiceError.badChecksum(algorithm.rawValue) }
        return (digest, ContentChecksum(algorithm, Base64.string(sum)))
    }
}
