/// Turns good inputs into nearly good ones: the same ones for the same seed, on every machine.
struct Mutator {
    /// Words of HTTP and bytes that text does not have.
    private static let http: [[UInt8]] =
        [
            "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", ":", ",", ";", "0", "0\r\n\r\n", "ffffffffffffffff", "-1", "+1",
            "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "HTTP/1.1", "HTTP/1.0", "\u{0}",
            "\u{7f}",
            "\u{80}", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ].map { Array($0.utf8) } + [[0xff], [0x88, 0x82], [0x80, 0x80], [0x7f, 0xff, 0xff, 0xff, 0xff]]

    private let corpus: [[UInt8]]
    private let tokens: [[UInt8]]
    private var random: SplitMix64

    /// - Parameter tokens: words of the language, put in at any place.
    init(_ corpus: [[UInt8]], tokens: [String]? = nil, seed: UInt64) {
        self.corpus = corpus
        self.tokens = tokens?.map { Array($0.utf8) } ?? Self.http
        random = SplitMix64(state: seed)
    }

    mutating func next() -> [UInt8] {
        var bytes = corpus.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0...6, using: &random) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let length = min(bytes.count - place, Int.random(in: 1...24, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
        case 2: bytes.removeSubrange(place..<(place + length))
        case 3: bytes.insert(contentsOf: Array(bytes[place..<(place + length)]), at: place)
        case 4: bytes = bytes[..<place] + (corpus.randomElement(using: &random) ?? []).suffix(length * 4)
        default: bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: place)
        }
    }

    /// Cuts an input into pieces of any size, single bytes and empty ones among them.
    mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        let longest = [1, 3, 16, 200].randomElement(using: &random) ?? 1
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 0...longest, using: &random))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }
}

/// Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
