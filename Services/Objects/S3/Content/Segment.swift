import ServiceKit

/// A file that holds a stretch of an object's bytes: the whole of a plain object, one part of a multipart one.
struct Segment: Sendable, Equatable {
    let file: String
    let size: Int64
    /// CRC-64/NVME of the bytes as they are stored, which the scrubber compares.
    let crc: UInt64
    /// Where the cipher's counter begins; `nil` for bytes stored as they are.
    let nonce: [UInt8]?
    /// Of a part: its checksum of the object's kind, base64.
    var checksum: String?

    init(file: String, size: Int64, crc: UInt64, nonce: [UInt8]? = nil, checksum: String? = nil) {
        (self.file, self.size, self.crc, self.nonce, self.checksum) = (file, size, crc, nonce, checksum)
    }
}

/// Where the bytes of an object are.
enum ObjectContent: Sendable {
    /// In the row itself.
    case inline([UInt8])
    case segments([Segment])

    var files: [String] {
        switch self {
        case .inline: []
        case .segments(let segments): segments.map(\.file)
        }
    }
}

/// The form of `segments` columns: `file size crc nonce checksum` separated by spaces, a dash for what is not there, one
/// segment a line.
extension [Segment] {
    var encoded: String {
        map { segment in
            let nonce = segment.nonce.map { Hex.string($0) } ?? "-"
            let crc = String(segment.crc, radix: 16)
            return "\(segment.file) \(segment.size) \(crc) \(nonce) \(segment.checksum ?? "-")"
        }.joined(separator: "\n")
    }

    init(encoded text: String) throws {
        self = try text.split(separator: "\n").map { line in
            let fields = line.split(separator: " ")
            // The first version had three.
            guard fields.count == 3 || fields.count == 5, let size = Int64(fields[1]),
                let crc = UInt64(fields[2], radix: 16)
            else { throw StorageError.corrupt(message: "segments: \(line)") }
            let nonce = fields.count == 5 && fields[3] != "-" ? Hex.decode(fields[3].utf8) : nil
            let checksum = fields.count == 5 && fields[4] != "-" ? String(fields[4]) : nil
            return Segment(file: String(fields[0]), size: size, crc: crc, nonce: nonce, checksum: checksum)
        }
    }
}
