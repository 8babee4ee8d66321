import Time

/// One message that a function wrote.
public struct OutputRecord: Sendable, Equatable {
    /// When it was written, where the runtime says so.
    public let time: Timestamp?
    public let message: [UInt8]

    public init(time: Timestamp?, message: [UInt8]) {
        self.time = time
        self.message = message
    }
}

/// Cuts what a function writes to its standard streams into lines.
struct LineAssembler {
    /// The longest message CloudWatch Logs takes; longer lines are cut.
    static let longestMessage = 262_118

    private var pending: [UInt8] = []

    mutating func append(_ bytes: ArraySlice<UInt8>, to records: inout [OutputRecord]) {
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            pending += rest[rest.startIndex...end]
            flush(to: &records)
            rest = rest[(end + 1)...]
        }
        pending += rest
        if pending.count >= Self.longestMessage { flush(to: &records) }
    }

    mutating func flush(to records: inout [OutputRecord]) {
        guard !pending.isEmpty else { return }
        records.append(OutputRecord(time: nil, message: Array(pending.prefix(Self.longestMessage))))
        pending.removeAll(keepingCapacity: true)
    }
}

/// Cuts the telemetry pipe into messages, by the framing the runtime clients speak:
/// type (4 bytes, 0xa55a….), length (4), microseconds since 1970 (8), message; big-endian.
struct FrameAssembler {
    private static let headerLength = 16
    private var pending: [UInt8] = []

    /// Whether the pipe holds frames; after nonsense, nothing more is read from it.
    private var isSound = true

    mutating func append(_ bytes: ArraySlice<UInt8>, to records: inout [OutputRecord]) {
        guard isSound else { return }
        pending += bytes
        var start = 0
        while pending.count - start >= Self.headerLength {
            let length = Int(number(at: start + 4, count: 4))
            guard number(at: start, count: 2) == 0xa55a, length <= LineAssembler.longestMessage * 4 else {
                isSound = false
                pending = []
                return
            }
            let end = start + Self.headerLength + length
            guard pending.count >= end else { break }
            let time = Timestamp(milliseconds: Int64(truncatingIfNeeded: number(at: start + 8, count: 8) / 1000))
            let message = pending[(start + Self.headerLength)..<end].prefix(LineAssembler.longestMessage)
            records.append(OutputRecord(time: time, message: Array(message)))
            start = end
        }
        pending.removeFirst(start)
    }

    private func number(at start: Int, count: Int) -> UInt64 {
        pending[start..<(start + count)].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
