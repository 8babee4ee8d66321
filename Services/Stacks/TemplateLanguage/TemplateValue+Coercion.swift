/// Properties are looser than JSON: CloudFormation takes `"5"` where a number is expected, and `"true"` for a flag.
extension TemplateValue {
    /// A whole number, also one written as a string, `5.0` or `1e3`.
    public var integer: Int? {
        guard !isFlag, let text else { return nil }
        if let exact = Int(text) { return exact }
        return Double(text).flatMap { Int(exactly: $0) }
    }

    /// A number, also one written as a string.
    public var double: Double? {
        guard !isFlag, let text, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// A flag, also one written as a string.
    public var boolean: Bool? {
        switch self {
        case .bool(let flag): flag
        case .string(let text): text.lowercased() == "true" ? true : text.lowercased() == "false" ? false : nil
        case .null, .number, .list, .map, .unknown: nil
        }
    }

    public var isUnknown: Bool { if case .unknown = self { true } else { false } }

    private var isFlag: Bool { if case .bool = self { true } else { false } }
}

extension TemplateMap {
    /// The scalar under a name, as text.
    public func text(_ name: String) -> String? { self[name]?.text }
    public func integer(_ name: String) -> Int? { self[name]?.integer }
    public func boolean(_ name: String) -> Bool? { self[name]?.boolean }
    public func list(_ name: String) -> [TemplateValue]? { self[name]?.list }
    public func map(_ name: String) -> TemplateMap? { self[name]?.map }
}
