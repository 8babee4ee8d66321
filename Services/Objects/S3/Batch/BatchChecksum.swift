import ServiceKit

/// The checksum that a job computes of each of its objects.
///
/// [Compute checksums](https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-compute-checksums.html)
struct BatchChecksum: Sendable {
    let algorithm: ChecksumAlgorithm
    let type: ChecksumType

    /// - Throws: `InvalidRequest`
    init(_ options: JSONValue) throws {
        algorithm = try ChecksumAlgorithm.named(options["ChecksumAlgorithm"]?.string) ?? .crc64nvme
        type = options["ChecksumType"]?.string.flatMap(ChecksumType.init(rawValue:)) ?? .fullObject
        guard algorithm != .crc64nvme || type == .fullObject else {
            throw ServiceError.invalidRequest("CRC64NVME checksums are of the type FULL_OBJECT only.")
        }
    }

    /// Begins with an object's bytes.
    ///
    /// - Throws: `InvalidRequest` for one without parts, if they are what is to be summed up.
    func start(for object: StoredObject) throws -> ObjectChecksum {
        guard type == .composite else { return ObjectChecksum(algorithm, parts: []) }
        guard let count = object.partCount, object.segments.count == count else {
            throw ServiceError.invalidRequest(
                "A COMPOSITE checksum can be computed only for an object that was uploaded in parts.")
        }
        return ObjectChecksum(algorithm, parts: object.segments.map(\.size))
    }

    /// The `ResultMessage` of a report.
    func message(_ sum: (bytes: [UInt8], parts: Int?), of object: StoredObject) -> String {
        let suffix = sum.parts.map { "-\($0)" } ?? ""
        var json = JSONWriter()
        json.object { json in
            json.member("checksum_base64", Base64.string(sum.bytes) + suffix)
            json.member("etag", object.etag)
            json.member("checksumAlgorithm", algorithm.rawValue)
            json.member("checksumType", type.rawValue)
            json.member("checksum_hex", Hex.string(sum.bytes).uppercased() + suffix)
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

/// A checksum of an object's bytes as they pass: of all of them, or of its parts' checksums.
struct ObjectChecksum {
    private let algorithm: ChecksumAlgorithm
    private let count: Int
    /// Sizes of the parts that are not over.
    private var parts: ArraySlice<Int64>
    /// Of what has passed of the current part, or of all.
    private var current: any Checksum
    private var ofParts: any Checksum

    /// - Parameter parts: their sizes; none for the checksum of the whole.
    init(_ algorithm: ChecksumAlgorithm, parts: [Int64]) {
        (self.algorithm, count, self.parts) = (algorithm, parts.count, parts[...])
        (current, ofParts) = (algorithm.start(), algorithm.start())
    }

    mutating func update(_ chunk: [UInt8]) {
        var rest = chunk[...]
        while let size = parts.first, size <= Int64(rest.count) {
            current.update(rest.prefix(Int(size)))
            rest = rest.dropFirst(Int(size))
            endPart()
        }
        current.update(rest)
        if !parts.isEmpty { parts[parts.startIndex] -= Int64(rest.count) }
    }

    /// The value, and of how many parts.
    mutating func finalize() -> (bytes: [UInt8], parts: Int?) {
        guard count > 0 else { return (current.finalize(), nil) }
        // The last one may be empty.
        while !parts.isEmpty { endPart() }
        return (ofParts.finalize(), count)
    }

    private mutating func endPart() {
        ofParts.update(current.finalize())
        current = algorithm.start()
        parts = parts.dropFirst()
    }
}
