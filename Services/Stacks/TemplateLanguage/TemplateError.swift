/// What is wrong with a template or its parameters, in CloudFormation's words: the message of a `ValidationError`.
public struct TemplateError: Error, Sendable, Equatable {
    public let message: String

    public init(_ message: String) { self.message = message }

    /// A fault of the template's form.
    static func format(_ message: String) -> TemplateError { TemplateError("Template format error: " + message) }

    /// A fault of a function's use.
    static func function(_ message: String) -> TemplateError { TemplateError("Template error: " + message) }
}
