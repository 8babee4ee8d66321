public struct EvaluatedOutput: Sendable, Hashable {
    public let name: String
    /// `TemplateValue.unknownText` where it is not known yet.
    public let value: String
    public let description: String?
    public let exportName: String?

    public init(name: String, value: String, description: String?, exportName: String?) {
        (self.name, self.value, self.description, self.exportName) = (name, value, description, exportName)
    }
}
