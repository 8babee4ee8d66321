import Bytes
import Glibc
import JSON

/// One walk through a value beside the layout of its shape, writing it; what the shape does not know is left out.
///
/// Valid while both lend their memory.
struct XMLWalk {
    private let document: JSONValue
    private let names: [String]
    private let forms: UnsafeBufferPointer<XMLLayout.Form>
    private let fields: UnsafeBufferPointer<XMLLayout.Field>
    private let attributes: UnsafeBufferPointer<XMLLayout.Attribute>
    private let elements: UnsafeBufferPointer<XMLLayout.Element>
    private let text: UnsafeBufferPointer<UInt8>
    private let scalars: ScalarText
    /// Room for strings that have to be unescaped.
    private var room: [UInt8] = []

    /// Walks through `value`, whose shape is the layout's first form.
    static func through(
        _ value: JSONValue, _ layout: XMLLayout, _ scalars: ScalarText,
        _ body: (inout XMLWalk, JSONView) throws(WireFault) -> Void
    ) throws(WireFault) {
        try layout.forms.withUnsafeBufferPointer { (forms) throws(WireFault) in
            try layout.fields.withUnsafeBufferPointer { (fields) throws(WireFault) in
                try layout.attributes.withUnsafeBufferPointer { (attributes) throws(WireFault) in
                    try layout.elements.withUnsafeBufferPointer { (elements) throws(WireFault) in
                        try layout.text.withUnsafeBufferPointer { (text) throws(WireFault) in
                            try value.lend { (view) throws(WireFault) in
                                var walk = XMLWalk(
                                    document: value, names: layout.names, forms: forms, fields: fields,
                                    attributes: attributes, elements: elements, text: text, scalars: scalars)
                                try body(&walk, view)
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: Structures

    /// The members of the outermost value that travel in the body.
    mutating func writeMembers(of value: JSONView, to xml: inout XMLWriter) throws(WireFault) {
        try writeMembers(of: value, forms[0], to: &xml)
    }

    /// One of the outermost value's members.
    mutating func write(_ value: JSONView, _ name: String, to xml: inout XMLWriter) throws(WireFault) {
        var name = name
        let text = text
        let place = name.withUTF8 { name in
            forms[0].fields.first { text[fields[$0].name].isEqual(to: name) }
        }
        if let place { try write(value, fields[place], to: &xml) }
    }

    /// The attributes of the outermost value's element.
    mutating func writeAttributes(of value: JSONView, to xml: inout XMLWriter) throws(WireFault) {
        try writeAttributes(of: value, forms[0], to: &xml)
    }

    private mutating func writeMembers(
        of value: JSONView, _ form: XMLLayout.Form, to xml: inout XMLWriter
    ) throws(WireFault) {
        // Most owners write members in the model's order.
        var expected = form.fields.lowerBound
        for member in value.members where !member.value.isNull {
            guard let place = field(named: member.name, in: form.fields, from: expected) else { continue }
            expected = place + 1
            try write(member.value, fields[place], to: &xml)
        }
    }

    private mutating func field(named name: JSONView, in all: Range<Int>, from expected: Int) -> Int? {
        let (fields, text) = (fields, text)
        let found = name.withStringBytes(unescapedIn: &room) { name -> Int? in
            for place in expected..<all.upperBound where text[fields[place].name].isEqual(to: name) { return place }
            for place in all.lowerBound..<expected where text[fields[place].name].isEqual(to: name) { return place }
            return nil
        }
        return found ?? nil
    }

    private mutating func write(
        _ value: JSONView, _ field: XMLLayout.Field, to xml: inout XMLWriter
    ) throws(WireFault) {
        let element = elements[field.element]
        guard field.isFlattened else { return try write(value, element, to: &xml) }
        if forms[element.form].kind == .entry {
            try writeEntries(of: value, element, to: &xml)
        } else {
            try writeItems(of: value, element, to: &xml)
        }
    }

    private mutating func writeAttributes(
        of value: JSONView, _ form: XMLLayout.Form, to xml: inout XMLWriter
    ) throws(WireFault) {
        for attribute in attributes[form.attributes] {
            var found: JSONView?
            for member in value.members {
                let isMeant = member.name.plainString.map { text[attribute.name].isEqual(to: $0) } ?? false
                if isMeant { found = member.value }
            }
            guard let found, !found.isNull else { continue }
            let written = try scalarText(found, attribute.form)
            xml.raw(text[attribute.declaration])
            guard !written.isEmpty else { continue }
            xml.raw(text[attribute.opening])
            xml.attributeText(written)
            xml.raw("\"")
        }
    }

    // MARK: Elements

    private mutating func write(
        _ value: JSONView, _ element: XMLLayout.Element, to xml: inout XMLWriter
    ) throws(WireFault) {
        let form = forms[element.form]
        switch form.kind {
        case .structure:
            try open(element, form, of: value, to: &xml)
            try writeMembers(of: value, form, to: &xml)
        case .list:
            xml.raw(text[element.opening])
            if let content = form.content { try writeItems(of: value, elements[content], to: &xml) }
        case .map:
            xml.raw(text[element.opening])
            if let content = form.content { try writeEntries(of: value, elements[content], to: &xml) }
        case .entry: return
        case .time, .scalar: return try writeScalar(value, element, form, to: &xml)
        }
        xml.raw(text[element.closing])
    }

    private mutating func open(
        _ element: XMLLayout.Element, _ form: XMLLayout.Form, of value: JSONView, to xml: inout XMLWriter
    ) throws(WireFault) {
        guard !form.attributes.isEmpty else { return xml.raw(text[element.opening]) }
        xml.raw(text[element.opening.dropLast()])
        try writeAttributes(of: value, form, to: &xml)
        xml.raw(">")
    }

    private mutating func writeItems(
        of value: JSONView, _ element: XMLLayout.Element, to xml: inout XMLWriter
    ) throws(WireFault) {
        guard value.isArray else {
            throw WireFault(.output, "\(String(decoding: text[element.opening], as: UTF8.self)) is no list")
        }
        for item in value.elements where !item.isNull { try write(item, element, to: &xml) }
    }

    private mutating func writeEntries(
        of value: JSONView, _ element: XMLLayout.Element, to xml: inout XMLWriter
    ) throws(WireFault) {
        let form = forms[element.form]
        guard let content = form.content else { return }
        let key = elements[form.key]
        for entry in value.members where !entry.value.isNull {
            xml.raw(text[element.opening])
            writeString(entry.name, key, to: &xml)
            try write(entry.value, elements[content], to: &xml)
            xml.raw(text[element.closing])
        }
    }

    // MARK: Scalars

    /// Strings and numbers go from buffer to buffer.
    private mutating func writeScalar(
        _ value: JSONView, _ element: XMLLayout.Element, _ form: XMLLayout.Form, to xml: inout XMLWriter
    ) throws(WireFault) {
        if value.isString { return writeString(value, element, to: &xml) }
        let (opening, closing) = (text[element.opening], text[element.closing])
        if form.kind == .time, form.timestamps == .iso8601, let time = value.plainTime {
            xml.raw(opening)
            xml.iso8601(time, milliseconds: scalars.hasMilliseconds ? true : nil)
            xml.raw(closing)
        } else if form.kind == .scalar, let number = value.numberBytes {
            xml.element(opening, utf8: number, closing)
        } else {
            xml.raw(opening)
            xml.text(try scalarText(value, element.form))
            xml.raw(closing)
        }
    }

    private mutating func writeString(_ value: JSONView, _ element: XMLLayout.Element, to xml: inout XMLWriter) {
        let (opening, closing) = (text[element.opening], text[element.closing])
        value.withStringBytes(unescapedIn: &room) { xml.element(opening, utf8: $0, closing) }
    }

    private func scalarText(_ value: JSONView, _ form: Int) throws(WireFault) -> String {
        let format = forms[form].kind == .time ? forms[form].timestamps : nil
        return try scalars.text(document.value(of: value), time: format, of: names[form])
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    @inline(__always)
    fileprivate func isEqual(to other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let start = base.baseAddress, let otherStart = other.baseAddress else { return other.isEmpty }
        return memcmp(start + startIndex, otherStart, count) == 0
    }
}
