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
        var rest = text[...]
        var plain = ""
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            plain += rest[..<start.lowerBound]
            let inside = rest[start.upperBound..<end]
            if inside.hasPrefix("!") {
                plain += "${" + inside.dropFirst() + "}"
            } else {
                if !plain.isEmpty { parts.append(.text(plain)) }
                plain = ""
                parts.append(.variable(Self.trimmed(inside)))
            }
            rest = rest[rest.index(after: end)...]
        }
        plain += rest
        if !plain.isEmpty { parts.append(.text(plain)) }
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

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
