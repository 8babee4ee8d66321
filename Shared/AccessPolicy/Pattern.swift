/// A text with wildcards and policy variables, prepared for matching.
///
/// `*` is any run of bytes and `?` any one character; `${key}` is the request's value, `${key, 'default'}` has one in
/// its place, and `${*}`, `${?}`, `${$}` are the characters themselves.
///
/// [Variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
struct Pattern: Sendable {
    struct Options: OptionSet, Sendable {
        let rawValue: Int
        /// `*` and `?` are wildcards.
        static let wildcards = Options(rawValue: 1)
        /// `${…}` is replaced: policies of version 2012-10-17.
        static let variables = Options(rawValue: 2)
        /// ASCII case is ignored.
        static let folding = Options(rawValue: 4)
    }

    private enum Form: Sendable {
        case any
        case exact([UInt8])
        case prefix([UInt8])
        case glob([Symbol])
        case template([Part])
    }

    private enum Part: Sendable {
        case symbols([Symbol])
        case variable(name: String, default: String?)
    }

    /// A byte, or one of the two wildcards behind them.
    typealias Symbol = UInt16
    static let star: Symbol = 256
    static let question: Symbol = 257

    private let form: Form
    private let isFolding: Bool

    init(_ text: String, _ options: Options) {
        isFolding = options.contains(.folding)
        form = Self.form(of: Self.parts(of: Array(text.utf8), options))
    }

    func matches(_ text: [UInt8], in request: AccessRequest) -> Bool {
        switch form {
        case .any: return true
        case .exact(let bytes): return bytes == text
        case .prefix(let bytes): return text.starts(with: bytes)
        case .glob(let symbols): return Self.match(symbols, text)
        case .template(let parts):
            guard let symbols = resolve(parts, for: request) else { return false }
            return Self.match(symbols, text)
        }
    }

    /// `nil` where a variable has no value and no default: such a pattern matches nothing.
    private func resolve(_ parts: [Part], for request: AccessRequest) -> [Symbol]? {
        var symbols: [Symbol] = []
        for part in parts {
            switch part {
            case .symbols(let more): symbols += more
            case .variable(let name, let fallback):
                // A key with several values cannot stand for one text.
                let values = request.values(of: name)
                guard let value = values.map({ $0.count == 1 ? $0[0] : nil }) ?? fallback else { return nil }
                symbols += value.utf8.map { Symbol(isFolding ? $0.folded : $0) }
            }
        }
        return symbols
    }

    /// Greedy matching with one point of return: the last star.
    private static func match(_ symbols: [Symbol], _ text: [UInt8]) -> Bool {
        var position = 0
        var index = 0
        var retry: (position: Int, index: Int)?
        while index < text.count {
            if position < symbols.count, symbols[position] == star {
                retry = (position + 1, index)
                position += 1
            } else if position < symbols.count, symbols[position] == question {
                position += 1
                index += characterLength(text, at: index)
            } else if position < symbols.count, symbols[position] == Symbol(text[index]) {
                position += 1
                index += 1
            } else if let last = retry {
                retry = (last.position, last.index + 1)
                (position, index) = (last.position, last.index + 1)
            } else {
                return false
            }
        }
        return symbols[position...].allSatisfy { $0 == star }
    }

    /// A question mark stands for a character, not for a byte of one.
    private static func characterLength(_ text: [UInt8], at index: Int) -> Int {
        var end = index + 1
        while end < text.count, text[end] & 0xc0 == 0x80 { end += 1 }
        return end - index
    }

    // MARK: Preparing

    private static func form(of parts: [Part]) -> Form {
        guard parts.count <= 1 else { return .template(parts) }
        guard case .symbols(let symbols)? = parts.first else { return parts.isEmpty ? .exact([]) : .template(parts) }
        if symbols == [star] { return .any }
        let wildcards = symbols.filter { $0 >= star }.count
        if wildcards == 0 { return .exact(symbols.map(UInt8.init)) }
        if wildcards == 1, symbols.last == star { return .prefix(symbols.dropLast().map(UInt8.init)) }
        return .glob(symbols)
    }

    private static func parts(of text: [UInt8], _ options: Options) -> [Part] {
        var parts: [Part] = []
        var symbols: [Symbol] = []
        var index = 0
        while index < text.count {
            let byte = text[index]
            if options.contains(.variables), byte == UInt8(ascii: "$"), let variable = Variable(text, at: index) {
                index = variable.end
                if let character = variable.character {
                    symbols.append(Symbol(character))
                } else {
                    if !symbols.isEmpty { parts.append(.symbols(symbols)) }
                    symbols = []
                    parts.append(.variable(name: variable.name, default: variable.fallback))
                }
                continue
            }
            index += 1
            switch byte {
            case UInt8(ascii: "*") where options.contains(.wildcards): symbols.append(star)
            case UInt8(ascii: "?") where options.contains(.wildcards): symbols.append(question)
            default: symbols.append(Symbol(options.contains(.folding) ? byte.folded : byte))
            }
        }
        if !symbols.isEmpty { parts.append(.symbols(symbols)) }
        return parts
    }
}

/// `${name}`, `${name, 'default'}`, or an escaped character, at an offset of a text.
private struct Variable {
    var name = ""
    var fallback: String?
    var character: UInt8?
    let end: Int

    init?(_ text: [UInt8], at offset: Int) {
        guard offset + 2 < text.count, text[offset + 1] == UInt8(ascii: "{"),
            let close = text[offset...].firstIndex(of: UInt8(ascii: "}"))
        else { return nil }
        end = close + 1
        let inside = text[(offset + 2)..<close]
        if inside.count == 1, let only = inside.first, "*?$".utf8.contains(only) {
            character = only
            return
        }
        let parts = inside.split(separator: UInt8(ascii: ","), maxSplits: 1)
        guard let first = parts.first else { return nil }
        name = String(decoding: first.map(\.folded), as: UTF8.self).filter { $0 != " " }
        if parts.count > 1 {
            let quoted = parts[1].drop { $0 == UInt8(ascii: " ") }
            guard quoted.count >= 2, quoted.first == UInt8(ascii: "'") else { return nil }
            fallback = String(decoding: quoted.dropFirst().prefix { $0 != UInt8(ascii: "'") }, as: UTF8.self)
        }
    }
}

extension UInt8 {
    /// ASCII letters in lower case.
    var folded: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}

extension String {
    /// ASCII letters in lower case, without Unicode's tables.
    var folded: String { String(decoding: utf8.map(\.folded), as: UTF8.self) }
}
