/// Finds the end of one HTTP/1.1 answer, and whether it is a success.
struct AnswerScanner {
    private enum Length {
        case bytes(Int)
        case chunked
        case untilClose
    }

    private static let shownBytes = 200

    private var head: [UInt8] = []
    private var length: Length?
    private var received = 0
    private var lastBytes: [UInt8] = []
    private var beginning: [UInt8] = []
    private var isSuccess = false
    private(set) var closes = false

    mutating func reset() {
        head.removeAll(keepingCapacity: true)
        length = nil
        received = 0
        lastBytes.removeAll(keepingCapacity: true)
        beginning.removeAll(keepingCapacity: true)
        closes = false
    }

    /// The outcome once the answer is whole.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> LoadOutcome? {
        guard length == nil else { return appendBody(bytes) }
        let searched = max(0, head.count - 3)
        head.append(contentsOf: bytes)
        guard let end = endOfHead(from: searched) else { return nil }
        readHead(upTo: end)
        return head.withUnsafeBytes { appendBody(UnsafeRawBufferPointer(rebasing: $0[end...])) }
    }

    /// What the end of the connection means.
    mutating func ended() -> LoadOutcome? {
        if case .untilClose = length { return outcome }
        return nil
    }

    private mutating func appendBody(_ bytes: UnsafeRawBufferPointer) -> LoadOutcome? {
        received += bytes.count
        if !isSuccess {
            beginning.append(contentsOf: bytes.prefix(Self.shownBytes - min(beginning.count, Self.shownBytes)))
        }
        switch length {
        case .bytes(let count): return received >= count ? outcome : nil
        case .chunked:
            // One answer at a time, and none has trailers: what ends with the last chunk has ended.
            lastBytes = Array((lastBytes + bytes.suffix(7)).suffix(7))
            return lastBytes.suffix(5).elementsEqual("0\r\n\r\n".utf8)
                && (lastBytes.count == 5 || lastBytes.starts(with: "\r\n".utf8)) ? outcome : nil
        case .untilClose, nil: return nil
        }
    }

    private var outcome: LoadOutcome {
        if isSuccess { return .succeeded }
        let status = head.dropFirst(9).prefix(3)
        return .failed("\(String(decoding: status, as: UTF8.self)) \(String(decoding: beginning, as: UTF8.self))")
    }

    /// Where the body begins.
    private func endOfHead(from start: Int) -> Int? {
        guard head.count >= 4 else { return nil }
        for index in start...(head.count - 4)
        where head[index] == 13 && head[index + 1] == 10 && head[index + 2] == 13 && head[index + 3] == 10 {
            return index + 4
        }
        return nil
    }

    private mutating func readHead(upTo end: Int) {
        isSuccess = head.dropFirst(9).first == UInt8(ascii: "2")
        var length = head.dropFirst(9).starts(with: "204".utf8) ? Length.bytes(0) : .untilClose
        for line in head[..<(end - 4)].split(separator: 10).dropFirst() {
            guard let colon = line.firstIndex(of: 58) else { continue }
            let name = line[..<colon]
            let value = line[(colon + 1)...].drop { $0 == 32 }
            if name.isNamed("content-length") {
                length = .bytes(value.prefix { (48...57).contains($0) }.reduce(0) { $0 * 10 + Int($1 - 48) })
            } else if name.isNamed("transfer-encoding") {
                length = .chunked
            } else if name.isNamed("connection") {
                closes = value.isNamed("close\r") || value.isNamed("close")
            } else if name.isNamed("x-amz-function-error") {
                isSuccess = false
            }
        }
        self.length = length
    }
}

extension Collection<UInt8> {
    /// Whether these are the letters of `name`, which is written small, in whatever case.
    fileprivate func isNamed(_ name: StaticString) -> Bool {
        count == name.utf8CodeUnitCount
            && zip(self, UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
                .allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }
}
