import JSON

/// Reads the parts of one model file.
struct ModelReader {
    let model: String
    let ids: [String: ShapeID]
    private let streams: Set<String>

    init(model: String, shapes: JSONValue) {
        self.model = model
        var ids: [String: ShapeID] = [:]
        var streams: Set<String> = []
        for (index, shape) in shapes.members.enumerated() {
            ids[shape.name] = ShapeID(index: index)
            if shape.value.flag("streaming") || shape.value.flag("eventstream") { streams.insert(shape.name) }
        }
        self.ids = ids
        self.streams = streams
    }

    func shape(named name: String, _ json: JSONValue) throws -> Shape {
        guard let kind = Shape.Kind(rawValue: json["type"]?.string ?? "") else { throw error("kind of \(name)") }
        let required = json["required"]?.elements.compactMap(\.string) ?? []
        guard required.count <= 64 else { throw error("\(name) requires more than 64 members") }
        return Shape(
            name: name, kind: kind,
            members: try json["members"]?.members.map {
                try member(named: $0.name, $0.value, requiredAs: required.firstIndex(of: $0.name))
            } ?? [],
            element: try json["member"].map { try member(named: "member", $0) },
            key: try json["key"].map { try member(named: "key", $0) },
            value: try json["value"].map { try member(named: "value", $0) },
            constraint: constraint(of: json, kind: kind), traits: traits(of: json), error: errorTraits(of: json))
    }

    private func member(named name: String, _ json: JSONValue, requiredAs ordinal: Int? = nil) throws -> Member {
        var traits = MemberTraits()
        traits.isFlattened = json.flag("flattened")
        traits.isStreaming = json.flag("streaming")
        traits.isXMLAttribute = json.flag("xmlAttribute")
        traits.isEventPayload = json.flag("eventpayload")
        traits.isEventHeader = json.flag("eventheader")
        traits.isHostLabel = json.flag("hostLabel")
        traits.isIdempotencyToken = json.flag("idempotencyToken")
        traits.isJSONText = json.flag("jsonvalue")
        traits.isSensitive = json.flag("sensitive")
        traits.timestampFormat = json["timestampFormat"]?.string.flatMap(TimestampFormat.init)
        traits.xmlNamespace = json["xmlNamespace"].flatMap(XMLNamespace.init(json:))
        // A stream travels beside the JSON, so that the JSON cannot show it is there.
        let isInJSON = !traits.isStreaming && !isStream(json["shape"]?.string)
        return Member(
            name: name, target: try target(of: json),
            location: json["location"]?.string.flatMap(Member.Location.init) ?? .body,
            locationName: json["locationName"]?.string, queryName: json["queryName"]?.string,
            isRequired: ordinal != nil, requiredBit: isInJSON ? ordinal.map { 1 << UInt64($0) } ?? 0 : 0, traits: traits
        )
    }

    private func constraint(of json: JSONValue, kind: Shape.Kind) -> Constraint {
        Constraint(
            minimum: json["min"]?.double, maximum: json["max"]?.double,
            pattern: kind == .string ? json["pattern"]?.string : nil,
            values: json["enum"]?.elements.compactMap(\.string) ?? [])
    }

    private func traits(of json: JSONValue) -> ShapeTraits {
        var traits = ShapeTraits()
        traits.isFlattened = json.flag("flattened")
        traits.payload = json["payload"]?.string
        traits.isSensitive = json.flag("sensitive")
        traits.isUnion = json.flag("union")
        traits.isDocument = json.flag("document")
        traits.isStreaming = json.flag("streaming")
        traits.isEventStream = json.flag("eventstream")
        traits.isEvent = json.flag("event")
        traits.timestampFormat = json["timestampFormat"]?.string.flatMap(TimestampFormat.init)
        traits.locationName = json["locationName"]?.string
        traits.xmlNamespace = json["xmlNamespace"].flatMap(XMLNamespace.init(json:))
        return traits
    }

    private func errorTraits(of json: JSONValue) -> ErrorTraits? {
        guard json.flag("exception") || json["error"] != nil else { return nil }
        let error = json["error"]
        let isServiceFault = json.flag("fault") || error?["fault"]?.bool == true
        return ErrorTraits(
            code: error?["code"]?.string, status: error?["httpStatusCode"]?.int64.map(Int.init),
            isSenderFault: error?["senderFault"]?.bool ?? !isServiceFault, isServerFault: isServiceFault)
    }

    func target(of reference: JSONValue) throws -> ShapeID { try id(of: reference["shape"]?.string) }

    func id(of name: String?) throws -> ShapeID {
        guard let name, let id = ids[name] else { throw error("reference to \(name ?? "nothing")") }
        return id
    }

    private func isStream(_ name: String?) -> Bool { name.map(streams.contains) ?? false }

    private func error(_ problem: String) -> ModelError { ModelError(model: model, problem: problem) }
}

extension XMLNamespace {
    /// Reads `"uri"` or `{"uri": …, "prefix": …}`.
    init?(json: JSONValue) {
        guard let uri = json.string ?? json["uri"]?.string else { return nil }
        self.init(uri: uri, prefix: json["prefix"]?.string)
    }
}

extension JSONValue {
    func flag(_ name: String) -> Bool { self[name]?.bool ?? false }
}
