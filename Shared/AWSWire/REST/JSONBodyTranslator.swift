import JSON
import Time

/// Turns REST-JSON bodies into bus values and back, where names or times differ; most shapes need nothing.
struct JSONBodyTranslator: Sendable {
    enum Direction { case toBus, toWire }

    private let model: ServiceModel
    /// By shape index.
    private let differs: [Bool]

    init(_ model: ServiceModel) {
        self.model = model
        differs = JSONBodyTranslator.differingShapes(of: model)
    }

    func differs(_ shape: ShapeID) -> Bool { differs[shape.index] }

    /// A value of a shape; raw bytes where nothing differs.
    func write(_ value: JSONValue, _ id: ShapeID, _ direction: Direction, to json: inout JSONWriter) throws(WireFault) {
        guard differs[id.index] else { return json.value(value) }
        let shape = model[id]
        switch (shape.kind, value.kind) {
        case (.structure, .object):
            try json.object { (json: inout JSONWriter) throws(WireFault) in
                try writeMembers(of: value, shape, direction, to: &json)
            }
        case (.list, .array):
            guard let element = shape.element else { return }
            try json.array { (json: inout JSONWriter) throws(WireFault) in
                for item in value.elements { try write(item, element, direction, to: &json) }
            }
        case (.map, .object):
            guard let content = shape.value else { return }
            try json.object { (json: inout JSONWriter) throws(WireFault) in
                for entry in value.members {
                    json.name(entry.name)
                    try write(entry.value, content, direction, to: &json)
                }
            }
        default: json.value(value)
        }
    }

    /// The members that travel in the body, into an object that is open.
    func writeMembers(of value: JSONValue, _ shape: Shape, _ direction: Direction, to json: inout JSONWriter)
        throws(WireFault)
    {
        for entry in value.members {
            let name = entry.name
            let member = shape.members.first {
                $0.location == .body && (direction == .toBus ? $0.wireName : $0.name) == name
            }
            guard let member else { continue }
            json.name(direction == .toBus ? member.name : member.wireName)
            try write(entry.value, member, direction, to: &json)
        }
    }

    private func write(_ value: JSONValue, _ member: Member, _ direction: Direction, to json: inout JSONWriter)
        throws(WireFault)
    {
        let shape = model[member.target]
        guard shape.kind == .timestamp, !value.isNull else {
            return try write(value, member.target, direction, to: &json)
        }
        let scalars = ScalarText(timestamps: .unixTimestamp)
        switch direction {
        case .toBus:
            guard let text = value.string else { return json.value(value) }
            try scalars.write(text, member, shape, to: &json)
        case .toWire:
            let format = member.traits.timestampFormat ?? shape.traits.timestampFormat ?? .unixTimestamp
            if format == .unixTimestamp { return json.value(value) }
            json.string(try scalars.text(value, member, shape))
        }
    }

    /// Shapes whose values, or values inside them, are not the same on the wire and on the bus.
    private static func differingShapes(of model: ServiceModel) -> [Bool] {
        var differs = model.shapes.map { shape in
            shape.members.contains { member in
                (member.location == .body && member.wireName != member.name) || hasOwnTime(member, model)
            } || [shape.element, shape.value].contains { $0.map { hasOwnTime($0, model) } ?? false }
        }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for (index, shape) in model.shapes.enumerated() where !differs[index] {
                let references = shape.members + [shape.element, shape.value].compactMap(\.self)
                if references.contains(where: { differs[$0.target.index] }) {
                    differs[index] = true
                    hasChanged = true
                }
            }
        }
        return differs
    }

    private static func hasOwnTime(_ member: Member, _ model: ServiceModel) -> Bool {
        let shape = model[member.target]
        guard shape.kind == .timestamp else { return false }
        return (member.traits.timestampFormat ?? shape.traits.timestampFormat ?? .unixTimestamp) != .unixTimestamp
    }
}
