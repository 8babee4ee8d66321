/// A resource as the template declares it.
public struct TemplateResource: Sendable {
    public let logicalID: String
    /// `AWS::DynamoDB::Table`
    public let type: String
    /// Unevaluated.
    public let properties: TemplateMap
    public let metadata: TemplateValue?
    /// The name of the condition it depends on.
    public let condition: String?
    /// `Delete`, `Retain`, `RetainExceptOnCreate`, `Snapshot`; `nil` where nothing is said, or a function says it.
    public internal(set) var deletionPolicy: String?
    public internal(set) var updateReplacePolicy: String?
    public let creationPolicy: TemplateValue?
    public let updatePolicy: TemplateValue?
    /// The resources that have to be there first: those it names in `DependsOn`, `Ref`, `Fn::GetAtt` and `Fn::Sub`.
    public internal(set) var dependencies: Set<String>
    /// Named in `DependsOn`.
    let explicitDependencies: [String]
    /// Policies that functions decide, of `AWS::LanguageExtensions`.
    let policyFunctions: TemplateMap

    /// What of it may have functions, each with the attribute it is under.
    var evaluated: [(attribute: String, value: TemplateValue)] {
        var all: [(String, TemplateValue)] = [("Properties", .map(properties))]
        for (name, value) in [
            ("Metadata", metadata), ("CreationPolicy", creationPolicy), ("UpdatePolicy", updatePolicy),
        ] {
            if let value { all.append((name, value)) }
        }
        return all
    }
}
