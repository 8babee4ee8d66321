import JSON
import Synchronization

/// Writes JSON as XML, guided by a shape; what the shape does not know is left out.
struct XMLShapeWriter: Sendable {
    private let layouts: XMLLayouts
    private let scalars: ScalarText

    init(_ model: ServiceModel, scalars: ScalarText) {
        layouts = XMLLayouts(model, scalars.timestamps)
        self.scalars = scalars
    }

    /// A whole element, under a name that no member gives it.
    func write(
        _ value: JSONValue, named name: String, _ shape: Shape, _ namespace: XMLNamespace?, to xml: inout XMLWriter
    ) throws(WireFault) {
        xml.begin(name, namespace?.attribute ?? [])
        try XMLWalk.through(value, layouts[shape], scalars) { (walk, view) throws(WireFault) in
            try walk.writeAttributes(of: view, to: &xml)
            xml.raw(">")
            try walk.writeMembers(of: view, to: &xml)
        }
        xml.close(name)
    }

    /// The members of a structure that travel in the body.
    func writeMembers(of value: JSONValue, _ shape: Shape, to xml: inout XMLWriter) throws(WireFault) {
        try XMLWalk.through(value, layouts[shape], scalars) { (walk, view) throws(WireFault) in
            try walk.writeMembers(of: view, to: &xml)
        }
    }

    /// The further members of an error; such as the shape does not know become elements of text.
    func writeErrorMembers(of error: DescribedError, to xml: inout XMLWriter) {
        for entry in error.memberEntries where !entry.value.isNull {
            if let shape = error.shape, let member = shape.member(named: entry.name) {
                guard member.location == .body else { continue }
                var part = xml
                // A member that does not fit its shape is left out; the error itself must arrive.
                if (try? write(entry.value, member, of: shape, to: &part)) != nil { xml = part }
            } else if let text = entry.value.string ?? entry.value.numberText {
                xml.element(entry.name, text)
            }
        }
    }

    private func write(
        _ value: JSONValue, _ member: Member, of shape: Shape, to xml: inout XMLWriter
    ) throws(WireFault) {
        try XMLWalk.through(value, layouts[shape], scalars) { (walk, view) throws(WireFault) in
            try walk.write(view, member.name, to: &xml)
        }
    }
}

/// The layouts of a model's shapes, each made when it is first asked for.
private final class XMLLayouts: Sendable {
    private let model: ServiceModel
    private let timestamps: TimestampFormat
    private let known = Mutex<[ObjectIdentifier: XMLLayout]>([:])

    init(_ model: ServiceModel, _ timestamps: TimestampFormat) {
        self.model = model
        self.timestamps = timestamps
    }

    subscript(shape: Shape) -> XMLLayout {
        known.withLock { known in
            if let layout = known[ObjectIdentifier(shape)] { return layout }
            let layout = XMLLayout(model, shape, timestamps)
            known[ObjectIdentifier(shape)] = layout
            return layout
        }
    }
}
