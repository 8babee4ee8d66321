import JSON

/// Reads an XML element as JSON, guided by a shape; elements the shape does not know are skipped.
struct XMLShapeReader {
    let model: ServiceModel
    private let scalars = ScalarText.queryOrXML

    init(_ model: ServiceModel) { self.model = model }

    /// The value of a member that an element holds.
    func write(_ element: XMLElement, _ member: Member, to json: inout JSONWriter) throws(WireFault) {
        let shape = model[member.target]
        switch shape.kind {
        case .structure:
            try json.object { (json: inout JSONWriter) throws(WireFault) in
                try writeMembers(of: element, shape, to: &json)
            }
        case .list:
            guard let item = shape.element else { return json.array { _ in } }
            try writeList(element.children(item.locationName ?? "member"), item, to: &json)
        case .map: try writeMap(element.children("entry"), shape, to: &json)
        default: try scalars.write(element.text, member, shape, to: &json)
        }
    }

    /// The members of a structure that travel in the body, into an object that is open.
    func writeMembers(of element: XMLElement, _ shape: Shape, to json: inout JSONWriter) throws(WireFault) {
        for member in shape.members where member.location == .body {
            let target = model[member.target]
            if member.traits.isXMLAttribute {
                guard let text = element.attribute(member.wireName) else { continue }
                json.name(member.name)
                try scalars.write(text, member, target, to: &json)
            } else if target.isFlattened(as: member) {
                try writeFlattened(member, target, in: element, to: &json)
            } else if let child = element.child(member.wireName) {
                json.name(member.name)
                try write(child, member, to: &json)
            }
        }
    }

    private func writeFlattened(_ member: Member, _ shape: Shape, in element: XMLElement, to json: inout JSONWriter)
        throws(WireFault)
    {
        let items = element.children(member.wireName)
        if items.isEmpty { return }
        json.name(member.name)
        if shape.kind == .map { return try writeMap(items, shape, to: &json) }
        if let item = shape.element { try writeList(items, item, to: &json) }
    }

    private func writeList(_ items: [XMLElement], _ item: Member, to json: inout JSONWriter) throws(WireFault) {
        try json.array { (json: inout JSONWriter) throws(WireFault) in
            for element in items { try write(element, item, to: &json) }
        }
    }

    private func writeMap(_ entries: [XMLElement], _ shape: Shape, to json: inout JSONWriter) throws(WireFault) {
        guard let key = shape.key, let content = shape.value else { return json.object { _ in } }
        try json.object { (json: inout JSONWriter) throws(WireFault) in
            for entry in entries {
                guard let name = entry.child(key.locationName ?? "key"),
                    let value = entry.child(content.locationName ?? "value")
                else { throw WireFault(.invalidValue, "a map entry without key or value") }
                json.name(name.text)
                try write(value, content, to: &json)
            }
        }
    }
}

extension Shape {
    func isFlattened(as member: Member) -> Bool {
        (kind == .list || kind == .map) && (traits.isFlattened || member.traits.isFlattened)
    }
}
