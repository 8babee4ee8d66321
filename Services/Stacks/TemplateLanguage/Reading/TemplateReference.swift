/// What a value of a template names: a parameter, a resource, or an attribute of one.
public struct TemplateReference: Sendable, Hashable {
    public let name: String
    /// `nil` where the resource itself, or a parameter, is meant.
    public let attribute: String?
}

extension Evaluation {
    /// What a value names; branches of `Fn::If` that are not taken are left out.
    public func references(in value: TemplateValue) -> [TemplateReference] {
        let found = References(in: [value], decided: conditions)
        let plain = (found.names + found.variables).map { TemplateReference(name: $0, attribute: nil) }
        let attributes = (found.attributePaths + found.attributeVariables).map { path in
            let name = References.resource(of: path)
            return TemplateReference(name: name, attribute: String(path.dropFirst(name.count + 1)))
        }
        return plain + attributes
    }
}
