import Time

/// The 48 bytes every message begins with, little endian.
///
///     0 version · 1 kind · 2 operation · 4 flags · 8 correlation · 16 deadline · 24 trace · 40 chunk · 44 status
struct FrameHeader: Equatable, Sendable {
    enum Kind: UInt8, Sendable {
        case request = 1
        case reply
        /// The bus itself answers; `status` is a `Refusal`.
        case error
        /// The next piece of a stream; `chunk` numbers it from 0.
        case chunk
        /// The reader accepts chunks numbered below `chunk`.
        case credit
        /// Without flags: the caller gave up the call. With `.stream`: the reader gave up the stream.
        case cancel
        case event
    }

    struct Flags: OptionSet, Sendable {
        let rawValue: UInt32
        /// Of a request: may be executed twice.
        static let idempotent = Flags(rawValue: 1)
        /// A stream follows in chunks.
        static let stream = Flags(rawValue: 2)
        /// Of a reply: the body is a service's error.
        static let serviceError = Flags(rawValue: 4)
        /// Of a chunk: the last one. It may be empty, and then needs no credit.
        static let end = Flags(rawValue: 8)
        /// Of a chunk: the sender could not go on.
        static let failed = Flags(rawValue: 16)
        /// Of a request or reply with `stream`: the stream's bytes stand behind the body's first `chunk` bytes.
        static let embedded = Flags(rawValue: 32)
        /// Of a request: its caller can read files that are handed over instead of their bytes.
        static let takesFiles = Flags(rawValue: 64)
        /// Of a chunk: a stretch of a file, whose descriptor comes along, stands in the place of bytes.
        static let file = Flags(rawValue: 128)
    }

    static let size = 48
    static let version: UInt8 = 1

    var kind: Kind
    /// 0: the operation's name stands in the meta. Other numbers are reserved.
    var operation: UInt16 = 0
    var flags: Flags = []
    var correlation: UInt64 = 0
    var deadline = Timestamp(milliseconds: 0)
    var trace = TraceID(high: 0, low: 0)
    var chunk: UInt32 = 0
    var status: UInt32 = 0
}

extension FrameHeader {
    /// - Parameter bytes: room for `size` bytes.
    func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes[0] = Self.version
        bytes[1] = kind.rawValue
        bytes.storeBytes(of: operation.littleEndian, toByteOffset: 2, as: UInt16.self)
        bytes.storeBytes(of: flags.rawValue.littleEndian, toByteOffset: 4, as: UInt32.self)
        bytes.storeBytes(of: correlation.littleEndian, toByteOffset: 8, as: UInt64.self)
        let milliseconds = UInt64(max(deadline.milliseconds, 0))
        bytes.storeBytes(of: milliseconds.littleEndian, toByteOffset: 16, as: UInt64.self)
        bytes.storeBytes(of: trace.high.bigEndian, toByteOffset: 24, as: UInt64.self)
        bytes.storeBytes(of: trace.low.bigEndian, toByteOffset: 32, as: UInt64.self)
        bytes.storeBytes(of: chunk.littleEndian, toByteOffset: 40, as: UInt32.self)
        bytes.storeBytes(of: status.littleEndian, toByteOffset: 44, as: UInt32.self)
    }

    /// `nil` for another length, version or kind.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.size, bytes[0] == Self.version, let kind = Kind(rawValue: bytes[1]) else {
            return nil
        }
        self.kind = kind
        operation = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        flags = Flags(rawValue: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        correlation = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        let milliseconds = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        deadline = Timestamp(milliseconds: Int64(clamping: milliseconds))
        trace = TraceID(
            high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self)))
        chunk = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 40, as: UInt32.self))
        status = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 44, as: UInt32.self))
    }
}

/// Why the bus itself answered a request instead of its handler.
enum Refusal: UInt32, Sendable {
    /// Not executed: too much is going on.
    case overloaded = 1
    /// Not executed: the server is going away; another replica may take the call.
    case draining
    /// Not executed: a limit or the format was broken.
    case malformed
    /// Executed, but the reply exceeds a limit.
    case unanswerable
}
