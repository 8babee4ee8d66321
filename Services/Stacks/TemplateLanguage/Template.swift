/// A template as it was written: its sections, read but not yet evaluated.
///
/// [Template anatomy](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html)
public struct Template: Sendable {
    /// The one transform that is part of the language.
    public static let languageExtensions = "AWS::LanguageExtensions"

    public let description: String?
    public let metadata: TemplateValue?
    /// Names of macros, in the order they were written: `AWS::LanguageExtensions`. Those of `Fn::Transform` follow.
    public let transforms: [String]
    public let parameters: [TemplateParameter]
    /// In the order they were written. What `Fn::ForEach` makes is among them as far as defaults of parameters say.
    public let resources: [TemplateResource]
    public let outputs: [TemplateOutput]
    let mappings: TemplateMap
    let conditions: TemplateMap
    let rules: TemplateMap
    /// The sections as they were written, loops included.
    let source: TemplateMap

    /// - Parameter text: JSON or YAML with CloudFormation's short forms, at most 1 MB.
    /// - Throws: `TemplateError`
    public init(_ text: String) throws(TemplateError) {
        try self.init(source: try TemplateParser.parse(text), values: [:])
    }

    /// - Parameter values: of parameters, for loops over them; defaults count where one is missing.
    init(
        source: TemplateMap, values: [String: String], _ pseudo: PseudoParameters? = nil
    ) throws(TemplateError) {
        let reader = TemplateReader(source)
        try reader.checkSections()
        let parameters = try reader.parameters()
        let sections = try reader.expanded(for: parameters, values, pseudo)
        self.source = source
        self.parameters = parameters
        transforms = reader.transforms
        description = try sections.description()
        metadata = source["Metadata"]
        mappings = try sections.mappings()
        conditions = try sections.members("Conditions")
        rules = try sections.rules()
        resources = try sections.resources()
        outputs = try sections.outputs()
        // What a macro makes of a template is not known before it ran.
        if sections.isComplete { try TemplateChecker(self).check() }
    }

    /// Functions of `AWS::LanguageExtensions` may be used.
    var hasLanguageExtensions: Bool { transforms.contains(Self.languageExtensions) }
}
