import Bytes
import HTTPTypes
import JSON

/// Reads the members of an input that stand in the path, the query and the header fields.
struct HTTPBindingReader {
    let model: ServiceModel

    func writeMembers(of shape: Shape, _ call: WireCall, _ request: WireRequest, to json: inout JSONWriter)
        throws(WireFault)
    {
        for member in shape.members {
            switch member.location {
            case .uri: try writeLabel(member, call, to: &json)
            case .query: try writeQuery(member, shape, call, request, to: &json)
            case .header: try writeHeader(member, request.fields, to: &json)
            case .headers: writePrefixed(member, request.fields, to: &json)
            case .body, .statusCode: break
            }
        }
    }

    private func writeLabel(_ member: Member, _ call: WireCall, to json: inout JSONWriter) throws(WireFault) {
        guard let label = call.labels.first(where: { $0.name == member.wireName }) else { return }
        json.name(member.name)
        try ScalarText.queryOrXML.write(label.value, member, model[member.target], to: &json)
    }

    private func writeQuery(
        _ member: Member, _ shape: Shape, _ call: WireCall, _ request: WireRequest, to json: inout JSONWriter
    ) throws(WireFault) {
        let target = model[member.target]
        if target.kind == .map { return try writeRest(of: request.query, member, target, shape, call, to: &json) }
        let values = request.query.filter { $0.name == member.wireName }.map(\.value)
        guard let last = values.last else { return }
        json.name(member.name)
        guard target.kind == .list, let element = target.element else {
            return try ScalarText.queryOrXML.write(last, member, target, to: &json)
        }
        try writeList(values, element, .queryOrXML, to: &json)
    }

    /// A map bound to the query holds the parameters that no other member has.
    private func writeRest(
        of query: [QueryItem], _ member: Member, _ map: Shape, _ shape: Shape, _ call: WireCall,
        to json: inout JSONWriter
    ) throws(WireFault) {
        guard let content = map.value else { return }
        let bound = Set(shape.members.filter { $0.location == .query && $0.name != member.name }.map(\.wireName))
        var names: [String] = []
        var values: [String: [String]] = [:]
        for item in query where !bound.contains(item.name) {
            if values[item.name] == nil { names.append(item.name) }
            values[item.name, default: []].append(item.value)
        }
        if names.isEmpty { return }
        let inner = model[content.target]
        try json.member(member.name) { (json: inout JSONWriter) throws(WireFault) in
            try json.object { (json: inout JSONWriter) throws(WireFault) in
                for name in names {
                    json.name(name)
                    if let element = inner.element {
                        try writeList(values[name] ?? [], element, .queryOrXML, to: &json)
                    } else {
                        try ScalarText.queryOrXML.write(values[name]?.last ?? "", content, inner, to: &json)
                    }
                }
            }
        }
    }

    private func writeHeader(_ member: Member, _ fields: HTTPFields, to json: inout JSONWriter) throws(WireFault) {
        guard let text = fields[member.wireName] else { return }
        let target = model[member.target]
        if member.traits.isJSONText { return try writeJSONText(text, member, to: &json) }
        json.name(member.name)
        guard target.kind == .list, let element = target.element else {
            return try ScalarText.header.write(text, member, target, to: &json)
        }
        let inner = model[element.target]
        let isDate = inner.kind == .timestamp && (inner.traits.timestampFormat ?? .rfc822) == .rfc822
        let joined = fields.all(member.wireName).joined(separator: ",")
        try writeList(HeaderList.split(joined, everySecondComma: isDate), element, .header, to: &json)
    }

    /// JSON in a header travels as base64.
    private func writeJSONText(_ text: String, _ member: Member, to json: inout JSONWriter) throws(WireFault) {
        guard let bytes = Base64.decode(text.utf8), (try? JSONDocument(bytes)) != nil else {
            throw WireFault(.invalidValue, "\(member.wireName) is not base64 of JSON")
        }
        json.member(member.name, String(decoding: bytes, as: UTF8.self))
    }

    private func writePrefixed(_ member: Member, _ fields: HTTPFields, to json: inout JSONWriter) {
        let prefix = member.wireName.asciiLowercased
        let entries = fields.filter { $0.name.asciiLowercased.hasPrefix(prefix) }
        if entries.isEmpty { return }
        json.member(member.name) { json in
            json.object { json in
                for entry in entries { json.member(entry.name.asciiLowercased.dropping(prefix), entry.value) }
            }
        }
    }

    private func writeList(_ values: [String], _ element: Member, _ scalars: ScalarText, to json: inout JSONWriter)
        throws(WireFault)
    {
        let inner = model[element.target]
        try json.array { (json: inout JSONWriter) throws(WireFault) in
            for value in values { try scalars.write(value, element, inner, to: &json) }
        }
    }
}

extension String {
    fileprivate func dropping(_ prefix: String) -> String { String(dropFirst(prefix.count)) }
}

/// Lists in header fields: separated by commas, quoted where an element has one.
enum HeaderList {
    static func split(_ text: String, everySecondComma: Bool) -> [String] {
        let pieces = pieces(text)
        guard everySecondComma else { return pieces }
        return stride(from: 0, to: pieces.count, by: 2).map { index in
            index + 1 < pieces.count ? "\(pieces[index]), \(pieces[index + 1])" : pieces[index]
        }
    }

    static func join(_ values: [String]) -> String {
        values.map { value in
            guard value.contains(where: { $0 == "," || $0 == "\"" }) else { return value }
            let escaped = value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
            return "\"\(escaped)\""
        }
        .joined(separator: ", ")
    }

    private static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                piece.append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                pieces.append(piece.trimmingSpaces)
                piece = ""
            } else {
                piece.append(character)
            }
        }
        pieces.append(piece.trimmingSpaces)
        return pieces.filter { !$0.isEmpty }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        let trimmed = drop { $0 == " " || $0 == "\t" }
        guard let last = trimmed.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(trimmed[...last])
    }
}
