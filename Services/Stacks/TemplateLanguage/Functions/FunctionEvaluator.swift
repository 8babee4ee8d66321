/// Evaluates the functions of a value.
///
/// `nil` stands for `AWS::NoValue`; `.unknown` goes through every function.
struct FunctionEvaluator {
    /// Bytes that functions may make of one value: small templates could make endless ones of long parameters.
    private static let maximumSize = 4 << 20

    var scope: FunctionScope
    let surroundings: any TemplateSurroundings
    private var size = 0

    init(_ scope: FunctionScope, _ surroundings: any TemplateSurroundings) {
        (self.scope, self.surroundings) = (scope, surroundings)
    }

    mutating func evaluate(_ value: TemplateValue) throws(TemplateError) -> TemplateValue? {
        switch value {
        case .null, .bool, .number, .string, .unknown: return value
        case .list(let values):
            var result: [TemplateValue] = []
            for value in values {
                if let value = try evaluate(value) { result.append(value) }
            }
            return .list(result)
        case .map(let map):
            guard let call = FunctionCall(map) else { return .map(try evaluate(map)) }
            let result = try evaluate(call)
            size += result?.size ?? 0
            guard size <= Self.maximumSize else {
                throw .function("functions may make at most \(Self.maximumSize) bytes of a resource or an output")
            }
            return result
        }
    }

    mutating func evaluate(_ map: TemplateMap) throws(TemplateError) -> TemplateMap {
        var result: [TemplateMap.Entry] = []
        for entry in map.entries {
            if let value = try evaluate(entry.value) { result.append(TemplateMap.Entry(entry.name, value)) }
        }
        return TemplateMap(result)
    }

    private mutating func evaluate(_ call: FunctionCall) throws(TemplateError) -> TemplateValue? {
        try call.check(extensions: scope.hasLanguageExtensions)
        let argument = call.argument
        switch call.name {
        case "Ref": return try reference(argument)
        case "Fn::GetAtt": return try attribute(argument)
        case "Fn::Sub": return try substitution(argument)
        case "Fn::Join": return try join(argument.list ?? [])
        case "Fn::Split": return try split(argument.list ?? [])
        case "Fn::Select": return try selection(argument.list ?? [])
        case "Fn::FindInMap": return try mapping(argument.list ?? [])
        case "Fn::If": return try choice(argument.list ?? [])
        case "Fn::Base64": return try base64(argument)
        case "Fn::GetAZs": return try zones(argument)
        case "Fn::ImportValue": return try imported(argument)
        case "Fn::GetStackOutput": return try stackOutput(argument)
        case "Fn::Cidr": return try blocks(argument.list ?? [])
        case "Fn::Length": return try length(argument)
        case "Fn::ToJsonString": return try jsonText(argument)
        default: throw .function("\(call.name) cannot be partially collapsed")
        }
    }

    /// A text, or `.unknown`.
    mutating func text(
        _ value: TemplateValue, or error: @autoclosure () -> TemplateError
    ) throws(TemplateError) -> TemplateValue {
        let value = try evaluate(value)
        if case .unknown = value { return .unknown }
        guard let text = value?.text else { throw error() }
        return .string(text)
    }

    private mutating func choice(_ parts: [TemplateValue]) throws(TemplateError) -> TemplateValue? {
        let name = parts[0].string ?? ""
        guard let holds = scope.conditions[name] else {
            throw .function("unresolved condition dependency \(name) in Fn::If")
        }
        return try evaluate(parts[holds ? 1 : 2])
    }
}

extension TemplateValue {
    /// Roughly what it takes.
    fileprivate var size: Int {
        switch self {
        case .null, .bool, .unknown: 8
        case .number(let text), .string(let text): text.utf8.count + 8
        case .list(let values): values.reduce(8) { $0 + $1.size }
        case .map(let map): map.entries.reduce(8) { $0 + $1.name.utf8.count + $1.value.size }
        }
    }
}
