/// What `Fn::GetStackOutput` asks for.
///
/// [Fn::GetStackOutput](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html)
public struct StackOutputName: Sendable, Hashable {
    public let stack: String
    public let output: String
    /// `nil` for the stack's own.
    public let region: String?
    /// Who may describe that stack; `nil` for the role of this one.
    public let roleARN: String?
}
