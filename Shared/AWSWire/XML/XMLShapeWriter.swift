import JSON

/// Writes JSON as XML, guided by a shape; what the shape does not know is left out.
struct XMLShapeWriter {
    let model: ServiceModel
    let scalars: ScalarText

    init(_ model: ServiceModel, scalars: ScalarText) {
        self.model = model
        self.scalars = scalars
    }

    /// An element for the value of a member.
    func write(_ value: JSONValue, named name: String, _ member: Member, to xml: inout XMLWriter) throws(WireFault) {
        let shape = model[member.target]
        let namespace = member.traits.xmlNamespace ?? shape.traits.xmlNamespace
        switch shape.kind {
        case .structure:
            let attributes = shape.hasXMLAttributes ? try attributes(of: value, shape) : []
            xml.open(name, namespaceAttribute(namespace) + attributes)
            try writeMembers(of: value, shape, to: &xml)
        case .list:
            xml.open(name, namespaceAttribute(namespace))
            if let item = shape.element { try writeList(value, named: item.locationName ?? "member", item, to: &xml) }
        case .map:
            xml.open(name, namespaceAttribute(namespace))
            for entry in value.members where !entry.value.isNull {
                try writeEntry(entry, named: "entry", shape, namespace: nil, to: &xml)
            }
        default:
            if let namespace { xml.open(name, namespaceAttribute(namespace)) } else { xml.open(name) }
            try writeText(value, member, shape, to: &xml)
        }
        xml.close(name)
    }

    /// Strings go from buffer to buffer.
    private func writeText(_ value: JSONValue, _ member: Member, _ shape: Shape, to xml: inout XMLWriter)
        throws(WireFault)
    {
        if value.withStringBytes({ xml.text(utf8: $0) }) == nil { xml.text(try scalars.text(value, member, shape)) }
    }

    /// The members of a structure that travel in the body.
    func writeMembers(of value: JSONValue, _ shape: Shape, to xml: inout XMLWriter) throws(WireFault) {
        for entry in value.members where !entry.value.isNull {
            guard let member = entry.withNameBytes({ shape.member(nameBytes: $0) }), member.location == .body,
                !member.traits.isXMLAttribute
            else { continue }
            let target = model[member.target]
            if target.isFlattened(as: member) {
                try writeFlattened(entry.value, member, target, to: &xml)
            } else {
                try write(entry.value, named: member.wireName, member, to: &xml)
            }
        }
    }

    /// The further members of an error; such as the shape does not know become elements of text.
    func writeErrorMembers(of error: DescribedError, to xml: inout XMLWriter) {
        for entry in error.memberEntries where !entry.value.isNull {
            if let member = error.shape?.member(named: entry.name) {
                guard member.location == .body else { continue }
                var part = xml
                // A member that does not fit its shape is left out; the error itself must arrive.
                if (try? write(entry.value, named: member.wireName, member, to: &part)) != nil { xml = part }
            } else if let text = entry.value.string ?? entry.value.numberText {
                xml.element(entry.name, text)
            }
        }
    }

    /// Members that are attributes of their structure's element.
    func attributes(of value: JSONValue, _ shape: Shape) throws(WireFault) -> [(String, String)] {
        var attributes: [(String, String)] = []
        for member in shape.members where member.traits.isXMLAttribute {
            guard let text = value[member.name], !text.isNull else { continue }
            // A prefixed name needs its prefix declared; S3's grantees have the only one.
            if member.wireName.hasPrefix("xsi:") {
                attributes.append(("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"))
            }
            attributes.append((member.wireName, try scalars.text(text, member, model[member.target])))
        }
        return attributes
    }

    func namespaceAttribute(_ namespace: XMLNamespace?) -> [(String, String)] {
        guard let namespace, namespace.prefix != "xsi" else { return [] }
        return [(namespace.prefix.map { "xmlns:\($0)" } ?? "xmlns", namespace.uri)]
    }

    private func writeFlattened(_ value: JSONValue, _ member: Member, _ shape: Shape, to xml: inout XMLWriter)
        throws(WireFault)
    {
        let name = member.wireName
        if shape.kind == .map {
            for entry in value.members where !entry.value.isNull {
                try writeEntry(entry, named: name, shape, namespace: member.traits.xmlNamespace, to: &xml)
            }
        } else if let item = shape.element {
            try writeList(value, named: name, item, to: &xml)
        }
    }

    private func writeList(_ value: JSONValue, named name: String, _ item: Member, to xml: inout XMLWriter)
        throws(WireFault)
    {
        guard value.kind == .array else { throw WireFault(.output, "\(name) is no list") }
        for element in value.elements where !element.isNull { try write(element, named: name, item, to: &xml) }
    }

    private func writeEntry(
        _ entry: JSONMember, named name: String, _ shape: Shape, namespace: XMLNamespace?, to xml: inout XMLWriter
    ) throws(WireFault) {
        guard let key = shape.key, let content = shape.value else { return }
        xml.open(name, namespaceAttribute(namespace))
        xml.element(key.locationName ?? "key", entry.name, namespaceAttribute(key.traits.xmlNamespace))
        try write(entry.value, named: content.locationName ?? "value", content, to: &xml)
        xml.close(name)
    }
}
