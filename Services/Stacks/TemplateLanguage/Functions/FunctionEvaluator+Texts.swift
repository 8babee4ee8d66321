import Bytes

extension FunctionEvaluator {
    mutating func join(_ parts: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        let delimiter = try text(parts[0], or: .join)
        let values = try evaluate(parts[1])
        if case .unknown = values { return .unknown }
        guard let values = values?.list else { throw .join }
        var texts: [String] = []
        var isUnknown = delimiter.isUnknown
        for value in values {
            if case .unknown = value {
                isUnknown = true
            } else {
                guard let text = value.text else { throw .join }
                texts.append(text)
            }
        }
        return isUnknown ? .unknown : .string(texts.joined(separator: delimiter.string ?? ""))
    }

    mutating func split(_ parts: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        let (delimiter, whole) = (try text(parts[0], or: .split), try text(parts[1], or: .split))
        guard let delimiter = delimiter.string, let whole = whole.string else { return .unknown }
        guard !delimiter.isEmpty else { throw .split }
        return .list(whole.split(separator: delimiter, omittingEmptySubsequences: false).map { .string(String($0)) })
    }

    mutating func selection(_ parts: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        let index = try evaluate(parts[0])
        let values = try evaluate(parts[1])
        if case .unknown = values { return .unknown }
        guard let values = values?.list else { throw .select }
        if case .unknown = index { return .unknown }
        guard let index = index?.integer else { throw .selectIndex }
        guard values.indices.contains(index) else {
            throw .function("Fn::Select cannot select nonexistent value at index \(index)")
        }
        return values[index]
    }

    mutating func base64(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        guard let text = try text(argument, or: .base64).string else { return .unknown }
        return .string(Base64.string(Array(text.utf8)))
    }

    mutating func zones(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        guard let region = try text(argument, or: .zones).string else { return .unknown }
        guard let name = region.isEmpty ? scope.pseudo?.region : region else { return .unknown }
        return .list(["a", "b", "c"].map { .string(name + $0) })
    }

    mutating func length(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        switch try evaluate(argument) {
        case .list(let values): return .number(String(values.count))
        case .unknown: return .unknown
        case nil, .null, .bool, .number, .string, .map: throw .length
        }
    }

    mutating func jsonText(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        guard let value = try evaluate(argument) else { throw .toJSON }
        if value.isPartlyUnknown { return .unknown }
        guard value.list != nil || value.map != nil else { throw .toJSON }
        return .string(value.jsonText)
    }
}
