import ServiceKit

/// The object that a list of parts makes.
struct MultipartAssembly: Sendable {
    /// A part as the request to complete names it.
    struct Named: InputShape {
        let number: Int
        let etag: String
        let checksums: [ChecksumAlgorithm: String]

        init(_ member: Members) throws {
            number = try member("PartNumber") ?? 0
            etag = EntityTag.unquoted(try member("ETag") ?? "")
            var checksums: [ChecksumAlgorithm: String] = [:]
            for algorithm in ChecksumAlgorithm.allCases { checksums[algorithm] = try member(algorithm.member) }
            self.checksums = checksums
        }
    }

    let upload: Upload
    let parts: [Part]

    /// - Throws: `MalformedXML`, `InvalidPartOrder`, `InvalidPart`, `InvalidRequest`, `EntityTooSmall`.
    init(_ upload: Upload, stored: [Part], named: [Named]) throws {
        if named.isEmpty { throw ServiceError.malformedXML }
        for (first, second) in zip(named, named.dropFirst()) where first.number >= second.number {
            throw ServiceError.invalidPartOrder
        }
        let byNumber = Dictionary(stored.map { ($0.number, $0) }) { first, _ in first }
        parts = try named.map { name in
            guard let part = byNumber[name.number], part.etag == name.etag, Self.agree(part, name) else {
                throw ServiceError.invalidPart(upload.id, name.number, name.etag)
            }
            if let algorithm = upload.givenAlgorithm, upload.checksumType == .composite,
                name.checksums[algorithm] == nil
            {
                throw ServiceError.partChecksumMissing(algorithm, part: name.number)
            }
            return part
        }
        for part in parts.dropLast() where part.size < Limits.minimumPartSize {
            throw ServiceError.entityTooSmall(part.number, size: part.size)
        }
        self.upload = upload
    }

    /// The parts that were uploaded but not named: their files are not needed.
    func unneeded(of stored: [Part]) -> [String] {
        let used = Set(parts.map(\.number))
        return stored.filter { !used.contains($0.number) }.flatMap { $0.segments.map(\.file) }
    }

    var size: Int64 { parts.reduce(0) { $0 + $1.size } }

    /// MD5 of the parts' MD5s, a dash, and their number.
    var etag: String {
        var md5 = MD5()
        for part in parts { md5.update(Hex.decode(part.etag.utf8) ?? []) }
        return "\(Hex.string(md5.finalize()))-\(parts.count)"
    }

    /// `nil` if a part lacks the upload's checksum.
    var checksum: ContentChecksum? {
        let values = parts.compactMap(checksum(of:))
        guard values.count == parts.count else { return nil }
        switch upload.checksumType {
        case .composite:
            var sum = upload.algorithm.start()
            for value in values { sum.update(value) }
            return ContentChecksum(upload.algorithm, "\(Base64.string(sum.finalize()))-\(parts.count)", .composite)
        case .fullObject: return fullObjectChecksum(values)
        }
    }

    func draft() -> ObjectDraft {
        ObjectDraft(
            key: upload.key, size: size, etag: etag, checksum: checksum, headers: upload.headers, tags: upload.tags,
            storageClass: upload.storageClass, content: .segments(parts.flatMap(segments(of:))),
            encryption: upload.encryption, lock: upload.lock, list: upload.list, upload: upload.id)
    }

    private func segments(of part: Part) -> [Segment] {
        part.segments.map { segment in
            var segment = segment
            segment.checksum = checksum(of: part).map { Base64.string($0) }
            return segment
        }
    }

    /// The part's checksum of the upload's kind, most significant byte first.
    private func checksum(of part: Part) -> [UInt8]? {
        if let checksum = part.checksum, checksum.algorithm == upload.algorithm {
            return Base64.decode(Array(checksum.value.utf8))
        }
        guard upload.givenAlgorithm == nil, let crc = part.crc else { return nil }
        return withUnsafeBytes(of: crc.bigEndian) { Array($0) }
    }

    private func fullObjectChecksum(_ values: [[UInt8]]) -> ContentChecksum? {
        guard let combination = CRCCombination(upload.algorithm) else { return nil }
        let width = upload.algorithm.byteCount
        var sum: UInt64 = 0
        for (part, value) in zip(parts, values) {
            sum = combination.combine(sum, value.reduce(0) { $0 << 8 | UInt64($1) }, length: part.size)
        }
        let bytes = (0..<width).map { UInt8(truncatingIfNeeded: sum >> UInt64(8 * (width - 1 - $0))) }
        return ContentChecksum(upload.algorithm, Base64.string(bytes))
    }

    private static func agree(_ part: Part, _ name: Named) -> Bool {
        guard let checksum = part.checksum, let claimed = name.checksums[checksum.algorithm] else { return true }
        return claimed == checksum.value
    }
}
