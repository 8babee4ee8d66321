import Glibc

/// Bytes that wait to be written: small pieces run together, large ones are kept as they came.
struct Outbox {
    private static let coalesceLimit = 16 * 1024
    private static let keptCapacity = 64 * 1024

    private var segments: [[UInt8]] = []
    /// How much of the first segment is written.
    private var offset = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        count += bytes.count
        guard let last = segments.indices.last else { return segments.append(bytes) }
        if segments[last].count + bytes.count <= Self.coalesceLimit {
            segments[last].append(contentsOf: bytes)
        } else if segments[last].isEmpty {
            segments[last] = bytes
        } else {
            segments.append(bytes)
        }
    }

    /// Writes in place at the end; nothing stays of a write that throws.
    mutating func append(_ write: (inout [UInt8]) throws -> Void) rethrows {
        if segments.last.map({ $0.count > Self.coalesceLimit }) ?? true { segments.append([]) }
        let last = segments.count - 1
        let before = segments[last].count
        do {
            try write(&segments[last])
        } catch {
            segments[last].removeLast(segments[last].count - before)
            throw error
        }
        count += segments[last].count - before
    }

    /// Calls `write` with the first one or two pieces; it returns how many bytes it took.
    mutating func writeSome(_ write: (_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int) -> Int
    {
        guard !segments.isEmpty else { return 0 }
        let taken = segments[0].withUnsafeBytes { first in
            let first = UnsafeRawBufferPointer(rebasing: first[offset...])
            guard segments.count > 1 else { return write(first, UnsafeRawBufferPointer(start: nil, count: 0)) }
            return segments[1].withUnsafeBytes { write(first, $0) }
        }
        if taken > 0 { remove(taken) }
        return taken
    }

    private mutating func remove(_ taken: Int) {
        count -= taken
        var left = taken + offset
        while let first = segments.first, left >= first.count {
            left -= first.count
            if segments.count == 1 {
                recycle()
                break
            }
            segments.removeFirst()
        }
        offset = segments.isEmpty || segments[0].isEmpty ? 0 : left
    }

    /// Keeps a small buffer for the next response.
    private mutating func recycle() {
        if segments[0].capacity > Self.keptCapacity {
            segments.removeAll(keepingCapacity: true)
        } else {
            segments[0].removeAll(keepingCapacity: true)
        }
    }
}
