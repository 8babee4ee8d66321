/// The text of `Fn::Sub`: what stands for itself and what is to be put in.
struct SubstitutionText {
    enum Part: Equatable {
        case text(String)
        /// `${name}`, without spaces around the name.
        case variable(String)
    }

    private(set) var parts: [Part] = []

    /// `${!Literal}` is the text `${Literal}`.
    init(_ text: String) {
        let bytes = Array(text.utf8)
        var plain: [UInt8] = []
        var start = 0
        while let opening = Self.opening(in: bytes, from: start),
            let end = bytes[opening...].firstIndex(of: UInt8(ascii: "}"))
        {
            plain += bytes[start..<opening]
            let inside = bytes[(opening + 2)..<end]
            if inside.first == UInt8(ascii: "!") {
                plain += Array("${".utf8) + inside.dropFirst() + [UInt8(ascii: "}")]
            } else {
                if !plain.isEmpty { parts.append(.text(String(decoding: plain, as: UTF8.self))) }
                plain = []
                parts.append(.variable(Self.trimmed(inside)))
            }
            start = end + 1
        }
        plain += bytes[start...]
        if !plain.isEmpty { parts.append(.text(String(decoding: plain, as: UTF8.self))) }
    }

    /// Where the next `${` is.
    private static func opening(in bytes: [UInt8], from start: Int) -> Int? {
        var rest = bytes[start...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            if dollar + 1 < bytes.count, bytes[dollar + 1] == UInt8(ascii: "{") { return dollar }
            rest = bytes[(dollar + 1)...]
        }
        return nil
    }

    /// Whether a variable's name has only what such names have.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":")].contains(byte)
            }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> String {
        var text = text
        while text.first == UInt8(ascii: " ") { text.removeFirst() }
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}
