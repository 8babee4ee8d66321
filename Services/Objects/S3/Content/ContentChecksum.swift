import ServiceKit

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

    /// As GetObjectAttributes, and only that, tells a composite: its parts are counted beside it.
    var withoutPartCount: ContentChecksum {
        ContentChecksum(algorithm, value.split(separator: "-").first.map(String.init) ?? value, type)
    }

    func write(to json: inout JSONWriter, withType: Bool = true) {
        json.member(algorithm.member, value)
        if withType { json.member("ChecksumType", type.rawValue) }
    }
}
