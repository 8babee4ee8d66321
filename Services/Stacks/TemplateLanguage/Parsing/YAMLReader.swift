import CYAML

/// Turns the events of libyaml into a value: one document, aliases written out, short forms spelt out.
///
/// Nothing here recurses: nesting costs an entry of `open`, and its bound holds for what aliases bring as well.
struct YAMLReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var open: [YAMLContainer] = []
    /// Levels of what is open.
    private var depth = 0
    private var anchors: [String: (value: TemplateValue, cost: YAMLCost)] = [:]
    private var total = YAMLCost.one
    private var root: TemplateValue?
    private var documents = 0

    static func read(_ bytes: [UInt8]) throws(TemplateError) -> TemplateValue {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { throw .format("YAML not well-formed.") }
        defer { yaml_parser_delete(parser) }
        var reader = YAMLReader(parser: parser)
        return try bytes.withUnsafeBufferPointer { (text) throws(TemplateError) in
            yaml_parser_set_input_string(parser, text.baseAddress, text.count)
            return try reader.document()
        }
    }

    private init(parser: UnsafeMutablePointer<yaml_parser_t>) { self.parser = parser }

    private mutating func document() throws(TemplateError) -> TemplateValue {
        var event = yaml_event_t()
        while true {
            guard yaml_parser_parse(parser, &event) == 1 else { throw fault(at: parser.pointee.problem_mark) }
            defer { yaml_event_delete(&event) }
            if event.type == YAML_STREAM_END_EVENT { break }
            try take(event)
        }
        return root ?? .null
    }

    private mutating func take(_ event: yaml_event_t) throws(TemplateError) {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            documents += 1
            if documents > 1 { throw fault(at: event.start_mark) }
        case YAML_SCALAR_EVENT: try takeScalar(event)
        case YAML_ALIAS_EVENT:
            let name = Self.text(event.data.alias.anchor) ?? ""
            guard let known = anchors[name] else { throw fault(at: event.start_mark) }
            try put(known.value, known.cost, at: event.start_mark)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            try begin(isMapping: false, Self.text(start.tag), Self.text(start.anchor), at: event.start_mark)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            try begin(isMapping: true, Self.text(start.tag), Self.text(start.anchor), at: event.start_mark)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: try end(at: event.start_mark)
        default: break
        }
    }

    private mutating func takeScalar(_ event: yaml_event_t) throws(TemplateError) {
        let scalar = event.data.scalar
        let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        let tag = Self.text(scalar.tag)
        let isFunction = tag.map { ShortForm.function(of: $0) != nil } ?? false
        let cost = YAMLCost(nodes: 1, bytes: text.utf8.count, height: isFunction ? 1 : 0)
        let value = try Self.value(of: text, tag, isPlain: scalar.plain_implicit == 1, at: event.start_mark)
        if let anchor = Self.text(scalar.anchor) { anchors[anchor] = (value, cost) }
        if let last = open.indices.last, open[last].expectsKey {
            if case .number = value { throw keyFault("numeric [\(text)]") }
            if case .map = value { throw keyFault("a map") }
            return open[last].take(key: text)
        }
        try put(value, cost, at: event.start_mark)
    }

    private static func value(
        of text: String, _ tag: String?, isPlain: Bool, at mark: yaml_mark_t
    ) throws(TemplateError) -> TemplateValue {
        guard let tag, tag != "!" else { return isPlain ? YAMLScalar.value(ofPlain: text) : .string(text) }
        if let function = ShortForm.function(of: tag) { return ShortForm.value(of: function, .string(text)) }
        switch tag {
        case "tag:yaml.org,2002:str": return .string(text)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            return YAMLScalar.value(ofPlain: text)
        default: throw fault(at: mark)
        }
    }

    private mutating func begin(
        isMapping: Bool, _ tag: String?, _ anchor: String?, at mark: yaml_mark_t
    ) throws(TemplateError) {
        guard open.last?.expectsKey != true else { throw keyFault(isMapping ? "a map" : "a list") }
        guard depth < TemplateParser.maximumDepth else { throw fault(at: mark) }
        let function = tag.flatMap(ShortForm.function)
        let expected = isMapping ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq"
        guard function != nil || tag == nil || tag == "!" || tag == expected else { throw fault(at: mark) }
        let container = YAMLContainer(isMapping: isMapping, function: function, anchor: anchor)
        open.append(container)
        depth += container.levels
    }

    private mutating func end(at mark: yaml_mark_t) throws(TemplateError) {
        guard let container = open.popLast() else { return }
        depth -= container.levels
        let value = container.function.map { ShortForm.value(of: $0, container.value) } ?? container.value
        var cost = container.cost
        if container.function != nil { cost.height += 1 }
        if let anchor = container.anchor { anchors[anchor] = (value, cost) }
        // What is inside was counted when it came.
        try put(value, cost, at: mark, counting: .one)
    }

    private mutating func put(
        _ value: TemplateValue, _ cost: YAMLCost, at mark: yaml_mark_t, counting counted: YAMLCost? = nil
    ) throws(TemplateError) {
        total.add(counted ?? cost)
        guard total.nodes <= YAMLCost.maximumNodes, total.bytes <= YAMLCost.maximumBytes,
            depth + cost.height <= TemplateParser.maximumDepth
        else { throw .format("The template is too large or too deep once its aliases are written out.") }
        guard let last = open.indices.last else {
            root = value
            return
        }
        guard open[last].take(value, cost) else { throw fault(at: mark) }
    }

    /// `/Mappings/Accounts`: the mapping whose member has such a name.
    private func keyFault(_ received: String) -> TemplateError {
        let path = open.dropLast().map { "/" + $0.place }.joined()
        return .format("[\(path)] map keys must be strings; received \(received) instead")
    }

    private static func text(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? { text.map { String(cString: $0) } }

    private func fault(at mark: yaml_mark_t) -> TemplateError { Self.fault(at: mark) }

    private static func fault(at mark: yaml_mark_t) -> TemplateError {
        .format("YAML not well-formed. (line \(mark.line + 1), column \(mark.column + 1))")
    }
}
