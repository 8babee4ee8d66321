/// Writes out `Fn::ForEach`, a macro of `AWS::LanguageExtensions`.
///
/// [Fn::ForEach](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html)
struct LoopExpansion {
    private static let prefix = "Fn::ForEach::"
    private static let maximumNesting = 5

    private var functions: FunctionEvaluator
    private var nodes = 0
    private var bytes = 0
    /// Whether every collection was known.
    private(set) var isComplete = true

    init(in scope: FunctionScope) { functions = FunctionEvaluator(scope, NoSurroundings()) }

    /// Sections that may have loops, written out; the others as they are.
    mutating func expand(_ sections: TemplateMap) throws(TemplateError) -> TemplateMap {
        var result = sections
        for name in ["Conditions", "Resources", "Outputs"] {
            if let section = sections[name] { result[name] = try expand(section, [:], nesting: 0) }
        }
        return result
    }

    private mutating func expand(
        _ value: TemplateValue, _ names: [String: String], nesting: Int
    ) throws(TemplateError) -> TemplateValue {
        nodes += 1
        guard nodes <= YAMLCost.maximumNodes, bytes <= YAMLCost.maximumBytes else {
            throw .format("Fn::ForEach may make a template of at most \(YAMLCost.maximumBytes) bytes")
        }
        switch value {
        case .string(let text):
            let replaced = replace(text, names)
            bytes += replaced.utf8.count
            return .string(replaced)
        case .list(let values):
            var result: [TemplateValue] = []
            for value in values { result.append(try expand(value, names, nesting: nesting)) }
            return .list(result)
        case .map(let map):
            if let call = FunctionCall(map), let named = try self.named(call, names, nesting: nesting) { return named }
            var result = TemplateMap()
            for entry in map.entries {
                if entry.name.hasPrefix(Self.prefix) {
                    try loop(entry, names, nesting: nesting + 1, into: &result)
                } else {
                    let name = replace(entry.name, names)
                    bytes += name.utf8.count
                    try put(try expand(entry.value, names, nesting: nesting), name, into: &result)
                }
            }
            return .map(result)
        case .null, .bool, .number, .unknown: return value
        }
    }

    /// `Ref` of a loop's name is its value; names of resources that functions make are made here, so that what refers to
    /// what can be seen. `nil` for anything else.
    private mutating func named(
        _ call: FunctionCall, _ names: [String: String], nesting: Int
    ) throws(TemplateError) -> TemplateValue? {
        switch (call.name, call.argument) {
        case ("Ref", .string(let name)): return names[name].map { .string($0) }
        case ("Ref", .map):
            return ShortForm.value(of: "Ref", try name(call.argument, names, nesting: nesting))
        case ("Fn::GetAtt", .list(let parts)) where parts.first?.map != nil:
            var made = [try name(parts[0], names, nesting: nesting)]
            for part in parts.dropFirst() { made.append(try expand(part, names, nesting: nesting)) }
            return .map(TemplateMap([TemplateMap.Entry("Fn::GetAtt", .list(made))]))
        default: return nil
        }
    }

    /// A name that a function makes of what is known; the function where it is not.
    private mutating func name(
        _ value: TemplateValue, _ names: [String: String], nesting: Int
    ) throws(TemplateError) -> TemplateValue {
        let expanded = try expand(value, names, nesting: nesting)
        guard let made = try functions.evaluate(expanded), let text = made.text else {
            isComplete = false
            return expanded
        }
        return .string(text)
    }

    private mutating func loop(
        _ entry: TemplateMap.Entry, _ names: [String: String], nesting: Int, into result: inout TemplateMap
    ) throws(TemplateError) {
        guard nesting <= Self.maximumNesting else { throw Self.fault("loops may be nested five deep", entry.name) }
        guard let parts = entry.value.list, parts.count == 3, let identifier = parts[0].string, !identifier.isEmpty,
            let body = parts[2].map
        else { throw Self.fault("a list of an identifier, a collection and a map is expected", entry.name) }
        guard let collection = try collection(parts[1], names, entry.name) else {
            isComplete = false
            return
        }
        for value in collection {
            var inner = names
            inner[identifier] = value
            guard case .map(let made) = try expand(.map(body), inner, nesting: nesting) else { continue }
            for entry in made.entries { try put(entry.value, entry.name, into: &result) }
        }
    }

    private func put(_ value: TemplateValue, _ name: String, into result: inout TemplateMap) throws(TemplateError) {
        guard result[name] == nil else { throw .format("Fn::ForEach makes \(name) more than once") }
        result[name] = value
    }

    /// `nil` where it is not known yet.
    private mutating func collection(
        _ value: TemplateValue, _ names: [String: String], _ loop: String
    ) throws(TemplateError) -> [String]? {
        let value = try functions.evaluate(try expand(value, names, nesting: 0))
        if value?.isPartlyUnknown ?? false { return nil }
        guard let values = value?.list else { throw Self.fault("the collection must be a list of strings", loop) }
        var texts: [String] = []
        for value in values {
            guard let text = value.text else { throw Self.fault("the collection must be a list of strings", loop) }
            texts.append(text)
        }
        return texts
    }

    /// `${Name}` is the value, `&{Name}` only its letters and digits.
    private func replace(_ text: String, _ names: [String: String]) -> String {
        guard !names.isEmpty, text.contains("{") else { return text }
        var text = text
        for (name, value) in names.sorted(by: { $0.key < $1.key }) {
            text = text.replacing("${\(name)}", with: value)
            text = text.replacing("&{\(name)}", with: value.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
        }
        return text
    }

    private static func fault(_ message: String, _ loop: String) -> TemplateError {
        .format("\(loop) is not as Fn::ForEach has to be: \(message)")
    }
}
