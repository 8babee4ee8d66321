import JSON

/// Reads the text of a template: JSON where it begins with a brace, YAML otherwise.
enum TemplateParser {
    /// Bytes of a template given by its URL; one given in a call is smaller.
    static let maximumSize = 1_000_000
    static let maximumDepth = 100

    static func parse(_ text: String) throws(TemplateError) -> TemplateMap {
        let bytes = Array(text.utf8)
        guard bytes.count <= maximumSize else {
            throw TemplateError("Template may not exceed \(maximumSize) bytes in size.")
        }
        let value = isJSON(bytes) ? try parseJSON(bytes) : try YAMLReader.read(bytes)
        guard case .map(let sections) = value else { throw .format("unsupported structure.") }
        return sections
    }

    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        let space: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]
        return bytes.first { !space.contains($0) } == UInt8(ascii: "{")
    }

    private static func parseJSON(_ bytes: [UInt8]) throws(TemplateError) -> TemplateValue {
        do {
            let document = try JSONDocument(bytes, limits: JSONLimits(depth: maximumDepth))
            return TemplateValue(document.root, knowsUnknown: false)
        } catch {
            let (line, column) = place(of: error.offset, in: bytes)
            throw .format("JSON not well-formed. (line \(line), column \(column))")
        }
    }

    /// Line and column, both from 1.
    private static func place(of offset: Int, in bytes: [UInt8]) -> (Int, Int) {
        let before = bytes.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return (line, before.count - start + 1)
    }
}
