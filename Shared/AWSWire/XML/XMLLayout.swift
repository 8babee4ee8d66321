import Bytes
import JSON

/// How a shape is written as XML, with all that lie below it.
///
/// Laid out once, in plain tables: of a page of a listing there are thousands of elements, and none has to look into the
/// model, or to count references.
struct XMLLayout: Sendable {
    /// A shape.
    struct Form {
        enum Kind { case structure, list, map, entry, time, scalar }

        var kind = Kind.scalar
        /// Of a structure: what stands in it, and what in its tag.
        var fields = 0..<0
        var attributes = 0..<0
        /// The element of a list's items, of a map's entries, of an entry's value.
        var content: Int?
        /// The element of an entry's name.
        var key = 0
        /// How a time is written.
        var timestamps = TimestampFormat.iso8601
    }

    /// A member of a structure.
    struct Field {
        let name: Range<Int>
        /// Of a flattened one: the element of its items or entries.
        let element: Int
        let isFlattened: Bool
    }

    /// A member that stands in the tag.
    struct Attribute {
        let name: Range<Int>
        /// Declares the prefix of the attribute's name.
        let declaration: Range<Int>
        let opening: Range<Int>
        let form: Int
    }

    struct Element {
        let opening: Range<Int>
        let closing: Range<Int>
        let form: Int
    }

    private(set) var forms: [Form] = []
    private(set) var fields: [Field] = []
    private(set) var attributes: [Attribute] = []
    private(set) var elements: [Element] = []
    /// What the ranges are of: names and tags.
    private(set) var text: [UInt8] = []
    /// The shapes' names, by form.
    private(set) var names: [String] = []

    /// The shape itself is the first form.
    init(_ model: ServiceModel, _ shape: Shape, _ timestamps: TimestampFormat) {
        var known: [ShapeID: Int] = [:]
        _ = lay(shape, Surroundings(model: model, timestamps: timestamps), &known)
    }

    private struct Surroundings {
        let model: ServiceModel
        let timestamps: TimestampFormat
    }

    private mutating func lay(_ shape: Shape, _ around: Surroundings, _ known: inout [ShapeID: Int]) -> Int {
        let place = forms.count
        // Shapes may lie below themselves: the place is taken before it is filled.
        if let id = around.model.shape(named: shape.name) { known[id] = place }
        forms.append(Form())
        names.append(shape.name)
        forms[place] = form(of: shape, around, &known)
        return place
    }

    /// Times are written as their members say.
    private mutating func lay(_ member: Member, _ around: Surroundings, _ known: inout [ShapeID: Int]) -> Int {
        let shape = around.model[member.target]
        guard shape.kind == .timestamp else { return known[member.target] ?? lay(shape, around, &known) }
        forms.append(
            Form(
                kind: .time,
                timestamps: member.traits.timestampFormat ?? shape.traits.timestampFormat ?? around.timestamps))
        names.append(shape.name)
        return forms.count - 1
    }

    private mutating func form(of shape: Shape, _ around: Surroundings, _ known: inout [ShapeID: Int]) -> Form {
        var form = Form()
        switch shape.kind {
        case .structure:
            form.kind = .structure
            form.fields = layFields(of: shape, around, &known)
            form.attributes = layAttributes(of: shape, around, &known)
        case .list:
            form.kind = .list
            form.content = shape.element.map { layElement($0.locationName ?? "member", $0, around, &known) }
        case .map:
            form.kind = .map
            form.content = layEntry("entry", nil, of: shape, around, &known)
        default: break
        }
        return form
    }

    // MARK: Structures

    private mutating func layFields(
        of shape: Shape, _ around: Surroundings, _ known: inout [ShapeID: Int]
    ) -> Range<Int> {
        // What lies below comes first: the fields of one structure lie side by side.
        let laid = shape.members.filter { $0.location == .body && !$0.traits.isXMLAttribute }
            .compactMap { layField($0, around, &known) }
        let start = fields.count
        fields += laid
        return start..<fields.count
    }

    private mutating func layField(
        _ member: Member, _ around: Surroundings, _ known: inout [ShapeID: Int]
    ) -> Field? {
        let target = around.model[member.target]
        let isFlattened = target.isFlattened(as: member)
        let element =
            if !isFlattened {
                layElement(member.wireName, member, around, &known)
            } else if target.kind == .map {
                layEntry(member.wireName, member.traits.xmlNamespace, of: target, around, &known)
            } else {
                target.element.map { layElement(member.wireName, $0, around, &known) }
            }
        return element.map { Field(name: keep(member.name), element: $0, isFlattened: isFlattened) }
    }

    private mutating func layAttributes(
        of shape: Shape, _ around: Surroundings, _ known: inout [ShapeID: Int]
    ) -> Range<Int> {
        let start = attributes.count
        for member in shape.members where member.traits.isXMLAttribute {
            let form = lay(member, around, &known)
            // A prefixed name needs its prefix declared; S3's grantees have the only one.
            let isPrefixed = member.wireName.hasPrefix("xsi:")
            attributes.append(
                Attribute(
                    name: keep(member.name),
                    declaration: keep(
                        isPrefixed ? #" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""# : ""),
                    opening: keep(" \(member.wireName)=\""), form: form))
        }
        return start..<attributes.count
    }

    // MARK: Elements

    private mutating func layElement(
        _ name: String, _ member: Member, _ around: Surroundings, _ known: inout [ShapeID: Int]
    ) -> Int {
        let form = lay(member, around, &known)
        let namespace = member.traits.xmlNamespace ?? around.model[member.target].traits.xmlNamespace
        return addElement(name, namespace, form)
    }

    /// A name and its value in an element of their own.
    private mutating func layEntry(
        _ name: String, _ namespace: XMLNamespace?, of shape: Shape, _ around: Surroundings,
        _ known: inout [ShapeID: Int]
    ) -> Int? {
        guard let key = shape.key, let content = shape.value else { return nil }
        var form = Form(kind: .entry)
        form.key = addElement(key.locationName ?? "key", key.traits.xmlNamespace, lay(key, around, &known))
        form.content = layElement(content.locationName ?? "value", content, around, &known)
        forms.append(form)
        names.append(shape.name)
        return addElement(name, namespace, forms.count - 1)
    }

    private mutating func addElement(_ name: String, _ namespace: XMLNamespace?, _ form: Int) -> Int {
        var opening = XMLWriter()
        opening.open(name, namespace?.attribute ?? [])
        elements.append(Element(opening: keep(opening.bytes), closing: keep("</\(name)>"), form: form))
        return elements.count - 1
    }

    private mutating func keep(_ string: String) -> Range<Int> { keep(Array(string.utf8)) }

    private mutating func keep(_ bytes: [UInt8]) -> Range<Int> {
        let start = text.count
        text += bytes
        return start..<text.count
    }
}

extension XMLNamespace {
    /// The declaration; that of attributes' names stands where they do.
    var attribute: [(String, String)] {
        prefix == "xsi" ? [] : [(prefix.map { "xmlns:\($0)" } ?? "xmlns", uri)]
    }
}
