/// What functions find outside of the template.
public protocol TemplateSurroundings: Sendable {
    /// What `Ref` gives of a resource; `.unknown` for one that is still to be made.
    func reference(to logicalID: String) -> TemplateValue
    /// What `Fn::GetAtt` gives; `nil` where the resource exists and has no such attribute.
    func attribute(_ name: String, of logicalID: String) -> TemplateValue?
    /// What another stack exports under a name; `nil` where none does.
    func exportedValue(_ name: String) -> String?
    /// An output of another stack, exported or not; `nil` where there is none of that name.
    func output(_ name: StackOutputName) -> String?
}

extension TemplateSurroundings {
    public func output(_ name: StackOutputName) -> String? { nil }
}

/// Where nothing is made yet.
struct NoSurroundings: TemplateSurroundings {
    func reference(to logicalID: String) -> TemplateValue { .unknown }
    func attribute(_ name: String, of logicalID: String) -> TemplateValue? { .unknown }
    func exportedValue(_ name: String) -> String? { nil }
}
