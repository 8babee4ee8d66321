import ServiceKit

/// Writes items as lines of Ion text.
///
/// [Amazon Ion](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html)
struct IonWriter {
    private(set) var bytes: [UInt8] = []

    /// `$ion_1_0 {Item:{…}}` and a line feed.
    mutating func line(_ record: AttributeMap) {
        bytes += IonFraming.versionMarker
        append(" ")
        append(record)
        append("\n")
    }

    private mutating func append(_ text: String) { bytes += Array(text.utf8) }

    private mutating func append(_ value: AttributeValue) {
        switch value {
        case .string(let text): append(text, quote: UInt8(ascii: "\""))
        case .number(let number): append(IonDecimal.text(number))
        case .binary(let bytes): append(bytes)
        case .bool(let bool): append(bool ? "true" : "false")
        case .null: append("null")
        case .map(let map): append(map)
        case .list(let list): appendList(list) { $0.append($1) }
        case .stringSet(let set):
            appendList(set, as: .strings) { $0.append($1, quote: UInt8(ascii: "\"")) }
        case .numberSet(let set): appendList(set, as: .numbers) { $0.append(IonDecimal.text($1)) }
        case .binarySet(let set): appendList(set, as: .binaries) { $0.append($1) }
        }
    }

    private mutating func append(_ map: AttributeMap) {
        append("{")
        for (position, entry) in map.entries.enumerated() {
            if position > 0 { append(",") }
            appendName(entry.name)
            append(":")
            append(entry.value)
        }
        append("}")
    }

    private mutating func appendList<Element>(
        _ elements: [Element], as set: IonSet? = nil, _ body: (inout IonWriter, Element) -> Void
    ) {
        if let set { append(set.rawValue + "::") }
        append("[")
        for (position, element) in elements.enumerated() {
            if position > 0 { append(",") }
            body(&self, element)
        }
        append("]")
    }

    private mutating func append(_ blob: [UInt8]) {
        append("{{")
        bytes += Base64.encode(blob)
        append("}}")
    }

    private mutating func appendName(_ name: Text) {
        let word = Array(name.string.utf8)
        let isWord =
            word.first.map(IonScanner.beginsWord) ?? false
            && word.allSatisfy { IonScanner.beginsWord($0) || IonScanner.isDigit($0) }
        if isWord, !IonRecord.isReserved(word[...]) { bytes += word } else { append(name, quote: UInt8(ascii: "'")) }
    }

    private mutating func append(_ text: Text, quote: UInt8) {
        bytes.append(quote)
        for byte in text.string.utf8 {
            switch byte {
            case quote, UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\r"): append("\\r")
            case UInt8(ascii: "\t"): append("\\t")
            case 0..<0x20, 0x7f: append("\\x" + Hex.string([byte]))
            default: bytes.append(byte)
            }
        }
        bytes.append(quote)
    }
}
