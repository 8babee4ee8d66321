/// The offsets from UTC that the clocks of a time zone have had and will have, from a file of the IANA database.
///
/// [RFC 9636](https://www.rfc-editor.org/rfc/rfc9636)
public struct TimeZoneRules: Sendable, Hashable {
    private struct Transition: Sendable, Hashable {
        let seconds: Int64
        let offset: Int
    }

    public static let utc = TimeZoneRules(first: 0, transitions: [], later: nil)

    /// Seconds east of Greenwich before the first transition.
    private let first: Int
    private let transitions: [Transition]
    /// The rule behind the last transition.
    private let later: YearlyClockRule?

    private init(first: Int, transitions: [Transition], later: YearlyClockRule?) {
        self.first = first
        self.transitions = transitions
        self.later = later
    }

    /// Seconds east of Greenwich.
    public func offset(at time: Timestamp) -> Int {
        let seconds = time.seconds
        if let later, seconds >= transitions.last?.seconds ?? .min { return later.offset(at: seconds) }
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].seconds <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : transitions[low - 1].offset
    }

    /// What the clocks show.
    public func local(_ time: Timestamp) -> CivilDate { CivilDate(time + .seconds(offset(at: time))) }

    /// When the clocks show a date, the first time that they do; `nil` where they never do.
    public func timestamp(of local: CivilDate) -> Timestamp? {
        let shown = local.timestamp
        let day = Duration.seconds(86400)
        return [offset(at: shown - day), offset(at: shown + day)]
            .map { shown - .seconds($0) }
            .filter { $0 + .seconds(offset(at: $0)) == shown }
            .min()
    }
}

extension TimeZoneRules {
    /// Reads a `TZif` file of version 2 or later; `nil` for anything else.
    public init?(tzif bytes: [UInt8]) {
        var reader = TZifReader(bytes)
        // The first block has 32-bit times, for readers of 1988.
        guard let old = reader.header(), reader.skip(old.bodyLength(timeSize: 4)), let header = reader.header(),
            let times = reader.numbers(header.times, size: 8), let kinds = reader.numbers(header.times, size: 1)
        else { return nil }
        var offsets: [Int] = []
        for _ in 0..<header.types {
            guard let offset = reader.numbers(1, size: 4)?.first, reader.skip(2) else { return nil }
            offsets.append(Int(offset))
        }
        guard let first = offsets.first, reader.skip(header.lengthBehindTypes), let footer = reader.footer(),
            kinds.allSatisfy({ offsets.indices.contains(Int($0)) })
        else { return nil }
        transitions = zip(times, kinds).map { Transition(seconds: $0, offset: offsets[Int($1)]) }
        self.first = first
        later = YearlyClockRule(footer)
    }
}

/// The blocks of a `TZif` file, front to back.
private struct TZifReader {
    struct Header {
        let utcMarks: Int
        let standardMarks: Int
        let leaps: Int
        let times: Int
        let types: Int
        let letters: Int

        /// In a block of 64-bit times.
        var lengthBehindTypes: Int { letters + leaps * 12 + standardMarks + utcMarks }

        func bodyLength(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + letters + leaps * (timeSize + 4) + standardMarks + utcMarks
        }
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func header() -> Header? {
        let start = position
        guard skip(20), bytes[start..<start + 4].elementsEqual("TZif".utf8), bytes[start + 4] >= UInt8(ascii: "2"),
            let counts = numbers(6, size: 4), counts.allSatisfy({ (0...65536).contains($0) })
        else { return nil }
        return Header(
            utcMarks: Int(counts[0]), standardMarks: Int(counts[1]), leaps: Int(counts[2]), times: Int(counts[3]),
            types: Int(counts[4]), letters: Int(counts[5]))
    }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.count - position else { return false }
        position += count
        return true
    }

    /// Signed numbers, the highest byte first; a single byte has no sign.
    mutating func numbers(_ count: Int, size: Int) -> [Int64]? {
        let start = position
        guard skip(count * size) else { return nil }
        return stride(from: start, to: position, by: size).map { place in
            let value = bytes[place..<place + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let shift = UInt64(64 - size * 8)
            return size == 1 ? Int64(value) : Int64(bitPattern: value << shift) >> Int64(shift)
        }
    }

    /// What stands between the last two line ends.
    func footer() -> String? {
        let rest = bytes[position...]
        guard rest.first == UInt8(ascii: "\n"), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\n")) else {
            return nil
        }
        return String(decoding: rest[(position + 1)..<end], as: UTF8.self)
    }
}
