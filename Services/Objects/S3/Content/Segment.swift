import ServiceKit

/// A file that holds a stretch of an object's bytes: the whole of a plain object, one part of a multipart one.
struct Segment: Sendable, Equatable {
    let file: String
    let size: Int64
    /// CRC-64/NVME of the bytes, which the scrubber compares.
    let crc: UInt64
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

/// The form of `segments` columns: `file size crc` separated by spaces, one segment a line.
extension [Segment] {
    var encoded: String {
        map { "\($0.file) \($0.size) \(String($0.crc, radix: 16))" }.joined(separator: "\n")
    }

    init(encoded text: String) throws {
        self = try text.split(separator: "\n").map { line in
            let fields = line.split(separator: " ")
            guard fields.count == 3, let size = Int64(fields[1]), let crc = UInt64(fields[2], radix: 16) else {
                throw StorageError.corrupt(message: "segments: \(line)")
            }
            return Segment(file: String(fields[0]), size: size, crc: crc)
        }
    }
}
