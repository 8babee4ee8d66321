import Bytes

/// Names a call at the server: the connection it came over, and the caller's number for it.
struct CallKey: Hashable, Sendable {
    let peer: PeerID
    let correlation: UInt64
}

/// Names a caller's connection: a routing id, which the ROUTER makes up, at most seven bytes, packed; or the number of a
/// caller of this machine.
struct PeerID: Hashable, Sendable {
    /// In the first byte of a local caller's, where others have their length.
    private static let localMark: UInt64 = 0xff << 56

    private let packed: UInt64

    init(local serial: UInt32) { packed = Self.localMark | UInt64(serial) }

    var isLocal: Bool { packed & Self.localMark == Self.localMark }

    /// `nil` for an id the ROUTER would not make.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard (1...7).contains(bytes.count) else { return nil }
        packed = bytes.reduce(UInt64(bytes.count)) { $0 << 8 | UInt64($1) }
    }

    /// The routing id's bytes again.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let count = (64 - packed.leadingZeroBitCount + 7) / 8 - 1
        let shifted = (packed << UInt64(64 - 8 * count)).bigEndian
        return withUnsafeBytes(of: shifted) { body(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    }
}

/// A call being executed, or whose streams still flow.
struct ServerCall {
    /// The caller reads files that are handed over to it.
    let takesFiles: Bool
    var task: Task<Void, Never>?
    /// The request's stream, until its last chunk arrived or its reader left.
    var reader: StreamReader?
    /// The reply's stream, until its last chunk was sent or its reader left.
    var writer: StreamWriter?

    var isOver: Bool { task == nil && reader == nil && writer == nil }
    var streamCount: Int { (reader == nil ? 0 : 1) + (writer == nil ? 0 : 1) }
}

enum ServerCommand: Sendable {
    /// A piece of a brief call's task.
    case run(UnownedJob)
    case reply(CallKey, BusReply, meta: [UInt8])
    /// The deadline passed before the call's task came to run.
    case expired(CallKey)
    case signal(CallKey, StreamSignal)
    case drain(within: Duration, done: CheckedContinuation<Void, Never>)
    case stop
}
