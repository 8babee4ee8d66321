import ServiceKit

/// The checksums that objects are verified by and stored with.
///
/// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
enum ChecksumAlgorithm: String, Sendable, CaseIterable {
    case crc32 = "CRC32"
    case crc32c = "CRC32C"
    case crc64nvme = "CRC64NVME"
    case sha1 = "SHA1"
    case sha256 = "SHA256"

    /// `ChecksumCRC32`
    var member: String { "Checksum\(rawValue)" }
    /// `x-amz-checksum-crc32`
    var header: String { "x-amz-checksum-\(rawValue.lowercased())" }
    var byteCount: Int {
        switch self {
        case .crc32, .crc32c: 4
        case .crc64nvme: 8
        case .sha1: 20
        case .sha256: 32
        }
    }
    /// Whether the whole's checksum follows from the parts': true of cyclic redundancy checks.
    var isLinear: Bool { self != .sha1 && self != .sha256 }

    func start() -> any Checksum {
        switch self {
        case .crc32: CRC32()
        case .crc32c: CRC32C()
        case .crc64nvme: CRC64NVME()
        case .sha1: SHA1()
        case .sha256: SHA256()
        }
    }

    /// `nil` where the member is absent.
    ///
    /// - Throws: `InvalidRequest` for any other name.
    static func named(_ name: String?) throws -> ChecksumAlgorithm? {
        guard let name else { return nil }
        guard let algorithm = ChecksumAlgorithm(rawValue: name.uppercased()) else {
            throw ServiceError.invalidRequest(
                "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                    + "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"
            )
        }
        return algorithm
    }
}

/// How a multipart object's checksum is made.
enum ChecksumType: String, Sendable {
    /// Of all its bytes.
    case fullObject = "FULL_OBJECT"
    /// Of its parts' checksums, with their number behind a dash.
    case composite = "COMPOSITE"
}

/// An object's or part's checksum as it is stored and answered.
struct ContentChecksum: Sendable, Equatable {
    let algorithm: ChecksumAlgorithm
    /// Base64, with `-3` behind it for a composite of three parts.
    let value: String
    let type: ChecksumType

    /// The form of `checksum` columns: `CRC32 FULL_OBJECT value`.
    var encoded: String { "\(algorithm.rawValue) \(type.rawValue) \(value)" }

    init(_ algorithm: ChecksumAlgorithm, _ value: String, _ type: ChecksumType = .fullObject) {
        self.algorithm = algorithm
        self.value = value
        self.type = type
    }

    init?(encoded text: String?) {
        guard let text, let first = text.utf8.firstIndex(of: UInt8(ascii: " ")),
            let second = text.utf8[text.utf8.index(after: first)...].firstIndex(of: UInt8(ascii: " ")),
            let algorithm = ChecksumAlgorithm(rawValue: String(text[..<first])),
            let type = ChecksumType(rawValue: String(text[text.utf8.index(after: first)..<second]))
        else { return nil }
        self.init(algorithm, String(text[text.utf8.index(after: second)...]), type)
    }

    func write(to json: inout JSONWriter, withType: Bool = true) {
        json.member(algorithm.member, value)
        if withType { json.member("ChecksumType", type.rawValue) }
    }
}
