/// The AWS tools' configuration: sections of `name = value` lines. What is not set keeps its place and its comments.
struct ProfileFile: Equatable {
    private var lines: [String]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
    }

    var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    /// Sets a value of a section, which is added at the end if need be.
    mutating func set(_ name: String, _ value: String, in section: String) {
        let line = "\(name) = \(value)"
        guard let header = lines.firstIndex(where: { Self.header(of: $0) == section }) else {
            if !lines.isEmpty { lines.append("") }
            lines += ["[\(section)]", line]
            return
        }
        let end = lines[(header + 1)...].firstIndex { Self.header(of: $0) != nil } ?? lines.endIndex
        if let place = lines[(header + 1)..<end].firstIndex(where: { Self.name(of: $0) == name }) {
            lines[place] = line
        } else {
            // Before the blank lines that set the next section off.
            let last = lines[header..<end].lastIndex { !$0.allSatisfy(\.isWhitespace) } ?? header
            lines.insert(line, at: last + 1)
        }
    }

    /// `profile a` of `[ profile  a ] # comment`
    private static func header(of line: String) -> String? {
        let line = line.drop(while: \.isWhitespace)
        guard line.first == "[", let end = line.firstIndex(of: "]") else { return nil }
        return line[..<end].dropFirst().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Indented lines belong to the setting above them.
    private static func name(of line: String) -> String? {
        guard let first = line.first, !first.isWhitespace, first != "#", first != ";",
            let equals = line.firstIndex(of: "=")
        else { return nil }
        return String(line[..<equals].reversed().drop(while: \.isWhitespace).reversed())
    }
}
