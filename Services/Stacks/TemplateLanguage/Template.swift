import JSON

/// A template as it was written: its sections, read but not yet evaluated.
///
/// [Template anatomy](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html)
public struct Template: Sendable {
    /// The one transform that is part of the language.
    public static let languageExtensions = "AWS::LanguageExtensions"

    public let description: String?
    public let metadata: TemplateValue?
    /// Names of macros, in the order they were written: `AWS::LanguageExtensions`.
    public let transforms: [String]
    public let parameters: [TemplateParameter]
    /// In the order they were written.
    public let resources: [TemplateResource]
    public let outputs: [TemplateOutput]

    /// - Parameter text: JSON or YAML with CloudFormation's short forms, at most 1 MB.
    /// - Throws: `TemplateError`
    public init(_ text: String) throws(TemplateError) { throw TemplateError("not yet") }
}

/// A parameter as the template declares it.
public struct TemplateParameter: Sendable {
    public let name: String
    /// `String`, `Number`, `List<Number>`, `CommaDelimitedList`, `AWS::EC2::VPC::Id`, …
    public let type: String
    public let defaultValue: String?
    public let description: String?
    public let isHidden: Bool  // NoEcho
    public let allowedValues: [String]
    public let allowedPattern: String?
    public let constraintDescription: String?
    public let minLength, maxLength: Int?
    public let minValue, maxValue: Double?
}

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
    /// `Delete`, `Retain`, `RetainExceptOnCreate`, `Snapshot`; `nil` where nothing is said.
    public let deletionPolicy: String?
    public let updateReplacePolicy: String?
    public let creationPolicy: TemplateValue?
    public let updatePolicy: TemplateValue?
    /// The resources that have to be there first: those it names in `DependsOn`, `Ref`, `Fn::GetAtt` and `Fn::Sub`.
    public let dependencies: Set<String>
}

/// An output as the template declares it.
public struct TemplateOutput: Sendable {
    public let name: String
    public let description: String?
    public let condition: String?
    /// Unevaluated.
    public let value: TemplateValue
    public let exportName: TemplateValue?
}
