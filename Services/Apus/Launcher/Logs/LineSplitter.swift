/// Cuts what a process writes into lines.
struct LineSplitter {
    /// Longer lines are cut: a process that writes no line ends must not fill memory.
    static let longest = 64 << 10

    private var rest: [UInt8] = []

    /// The complete lines, without their ends; empty ones are left out.
    mutating func lines(adding bytes: some Collection<UInt8>) -> [[UInt8]] {
        rest += bytes
        var lines: [[UInt8]] = []
        var begin = rest.startIndex
        while let end = rest[begin...].firstIndex(of: UInt8(ascii: "\n")) {
            if end > begin { lines.append(Array(rest[begin..<end])) }
            begin = end + 1
        }
        rest.removeSubrange(..<begin)
        while rest.count >= Self.longest {
            lines.append(Array(rest.prefix(Self.longest)))
            rest.removeFirst(Self.longest)
        }
        return lines
    }

    /// What is left when the process is gone.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}
