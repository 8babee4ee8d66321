/// An output as the template declares it.
public struct TemplateOutput: Sendable {
    public let name: String
    public let description: String?
    public let condition: String?
    /// Unevaluated.
    public let value: TemplateValue
    public let exportName: TemplateValue?
}
