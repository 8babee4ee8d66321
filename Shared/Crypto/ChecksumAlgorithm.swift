/// The checksums that S3 takes of what is sent, and stores.
///
/// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
public enum ChecksumAlgorithm: String, Sendable, CaseIterable {
    case crc32 = "CRC32"
    case crc32c = "CRC32C"
    case crc64nvme = "CRC64NVME"
    case md5 = "MD5"
    case sha1 = "SHA1"
    case sha256 = "SHA256"
    case sha512 = "SHA512"
    case xxhash128 = "XXHASH128"
    case xxhash3 = "XXHASH3"
    case xxhash64 = "XXHASH64"

    private static let headerPrefix = "x-amz-checksum-"

    /// - Parameter header: in lower case.
    public init?(header: String) {
        guard header.hasPrefix(Self.headerPrefix) else { return nil }
        self.init(rawValue: header.dropFirst(Self.headerPrefix.count).uppercased())
    }

    /// `x-amz-checksum-crc32`
    public var header: String { Self.headerPrefix + rawValue.lowercased() }

    /// The length of its values.
    public var byteCount: Int {
        switch self {
        case .crc32, .crc32c: 4
        case .crc64nvme, .xxhash64, .xxhash3: 8
        case .md5, .xxhash128: 16
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// Whether the whole's checksum follows from the parts': true of cyclic redundancy checks.
    public var isLinear: Bool {
        switch self {
        case .crc32, .crc32c, .crc64nvme: true
        case .md5, .sha1, .sha256, .sha512, .xxhash64, .xxhash3, .xxhash128: false
        }
    }

    public func start() -> any Checksum {
        switch self {
        case .crc32: CRC32()
        case .crc32c: CRC32C()
        case .crc64nvme: CRC64NVME()
        case .md5: MD5()
        case .sha1: SHA1()
        case .sha256: SHA256()
        case .sha512: SHA512()
        case .xxhash64: XXHash64()
        case .xxhash3: XXHash3()
        case .xxhash128: XXHash128()
        }
    }
}
