/// What is wrong with a template or its parameters, in CloudFormation's words: the message of a `ValidationError`.
public struct TemplateError: Error, Sendable, Equatable {
    public let message: String

    public init(_ message: String) { self.message = message }
}
