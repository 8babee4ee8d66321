/// Bytes received and not yet parsed.
struct InputBuffer {
    private static let keptCapacity = 64 * 1024

    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }
    var isEmpty: Bool { count == 0 }
    var first: UInt8? { isEmpty ? nil : bytes[start] }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        compact()
        bytes.append(contentsOf: more)
    }

    mutating func append(_ more: some Collection<UInt8>) {
        compact()
        bytes.append(contentsOf: more)
    }

    mutating func reserve(_ count: Int) {
        compact()
        bytes.reserveCapacity(count)
    }

    private mutating func compact() {
        guard start > 0 else { return }
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        } else {
            bytes.removeFirst(start)
        }
        start = 0
    }

    func withUnread<Result, Failure: Error>(
        _ use: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { whole throws(Failure) in
            try use(UnsafeBufferPointer(rebasing: whole[start...]))
        }
    }

    mutating func consume(_ count: Int) { start += count }

    /// Takes up to `limit` bytes.
    mutating func take(upTo limit: Int) -> [UInt8] {
        guard limit < count || start > 0 else {
            // All of it: the buffer itself is handed over, without a copy.
            defer { bytes = [] }
            return bytes
        }
        let taken = Array(bytes[start..<(start + min(limit, count))])
        start += taken.count
        return taken
    }
}
