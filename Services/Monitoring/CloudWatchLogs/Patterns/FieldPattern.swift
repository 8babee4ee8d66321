import ServiceKit

/// A pattern for messages whose fields stand apart by spaces, such as access logs.
struct FieldPattern: Sendable {
    /// Tests of one field: any of the alternatives, each of which is a list that must hold whole.
    struct Field: Sendable {
        let name: String
        let alternatives: [[ValueTest]]

        func admits(_ value: String) -> Bool {
            alternatives.isEmpty || alternatives.contains { $0.allSatisfy { $0.holds(for: value) } }
        }
    }

    private var leading: [Field] = []
    /// Fields after `...`; `nil` without one, when the count of fields must be right.
    private var trailing: [Field]?
    private static let stops = Array(",])&|".utf8)

    init(_ scanner: inout PatternScanner) throws {
        _ = scanner.skip("[")
        repeat {
            scanner.skipSpace()
            if scanner.skip("...") {
                guard trailing == nil else { throw ServiceError.invalidFilterPattern("... may stand once") }
                trailing = []
            } else {
                let field = try FieldPattern.field(&scanner)
                if trailing == nil { leading.append(field) } else { trailing?.append(field) }
            }
            scanner.skipSpace()
        } while scanner.skip(",")
        guard scanner.skip("]") else { throw ServiceError.invalidFilterPattern("] is missing") }
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw ServiceError.invalidFilterPattern("there is text after ]") }
    }

    /// `status = 4* && status != 404 || status = 200`
    private static func field(_ scanner: inout PatternScanner) throws -> Field {
        let isGrouped = scanner.skip("(")
        var name = ""
        var alternatives: [[ValueTest]] = [[]]
        while true {
            scanner.skipSpace()
            name = scanner.word(until: Array("=!<>,])&|".utf8))
            scanner.skipSpace()
            if let byte = scanner.peek, Array("=!<>".utf8).contains(byte) {
                alternatives[alternatives.count - 1].append(try ValueTest(&scanner, until: stops))
            }
            scanner.skipSpace()
            if scanner.skip("||") {
                alternatives.append([])
            } else if !scanner.skip("&&") {
                break
            }
        }
        guard !isGrouped || scanner.skip(")") else { throw ServiceError.invalidFilterPattern(") is missing") }
        return Field(name: name, alternatives: alternatives.allSatisfy(\.isEmpty) ? [] : alternatives)
    }

    /// The named values of a message that matches; `nil` for one that does not.
    func values(in message: String) -> [(name: String, value: String)]? {
        let values = FieldPattern.split(message)
        let trailing = trailing ?? []
        guard self.trailing == nil ? values.count == leading.count : values.count >= leading.count + trailing.count
        else { return nil }
        let pairs = Array(zip(leading, values)) + Array(zip(trailing, values.suffix(trailing.count)))
        guard pairs.allSatisfy({ $0.0.admits($0.1) }) else { return nil }
        return pairs.map { ($0.0.name, $0.1) }
    }

    /// Fields stand apart by spaces; what is in quotation marks or brackets is one.
    private static func split(_ message: String) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var closing: UInt8?
        var isOpen = false
        for byte in message.utf8 {
            if let end = closing {
                if byte == end { closing = nil } else { field.append(byte) }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "[") {
                closing = byte == UInt8(ascii: "[") ? UInt8(ascii: "]") : byte
                isOpen = true
            } else if byte <= 0x20 {
                if isOpen || !field.isEmpty { fields.append(String(decoding: field, as: UTF8.self)) }
                field = []
                isOpen = false
            } else {
                field.append(byte)
            }
        }
        if isOpen || !field.isEmpty { fields.append(String(decoding: field, as: UTF8.self)) }
        return fields
    }
}
