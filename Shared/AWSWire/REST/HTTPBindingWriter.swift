import Bytes
import HTTPTypes
import JSON

/// Writes the members of an output or error that stand in the status line and the header fields.
struct HTTPBindingWriter {
    let model: ServiceModel

    /// Whether any member of a shape is outside the body.
    static func hasBindings(_ shape: Shape) -> Bool {
        shape.traits.payload != nil || shape.members.contains { $0.location != .body }
    }

    func write(_ value: JSONValue, _ shape: Shape, status: inout Int, fields: inout HTTPFields) throws(WireFault) {
        for entry in value.members where !entry.value.isNull {
            guard let member = entry.withNameBytes({ shape.member(nameBytes: $0) }) else { continue }
            switch member.location {
            case .statusCode: status = entry.value.int64.map(Int.init) ?? status
            case .header: try writeHeader(entry.value, member, to: &fields)
            case .headers:
                for header in entry.value.members {
                    if let text = header.value.string { append(member.wireName + header.name, text, to: &fields) }
                }
            case .body, .uri, .query: break
            }
        }
    }

    private func writeHeader(_ value: JSONValue, _ member: Member, to fields: inout HTTPFields) throws(WireFault) {
        let shape = model[member.target]
        if member.traits.isJSONText {
            return append(member.wireName, Base64.string(Array((value.string ?? "").utf8)), to: &fields)
        }
        guard shape.kind == .list, let element = shape.element else {
            return append(member.wireName, try ScalarText.header.text(value, member, shape), to: &fields)
        }
        let inner = model[element.target]
        var texts: [String] = []
        for item in value.elements where !item.isNull { texts.append(try ScalarText.header.text(item, element, inner)) }
        // Dates have a comma of their own and are never quoted.
        let isDate = inner.kind == .timestamp
        append(member.wireName, isDate ? texts.joined(separator: ", ") : HeaderList.join(texts), to: &fields)
    }

    /// A value with a line end would be two headers: such characters become spaces.
    private func append(_ name: String, _ value: String, to fields: inout HTTPFields) {
        let isSafe = value.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x09 }
        let text = isSafe ? value : String(decoding: value.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
        fields.append(name, text)
    }
}
