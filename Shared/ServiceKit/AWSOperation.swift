/// One AWS action: what it reads, what it answers, what it needs, what it does.
///
/// The type's name is the action's name. The dispatcher alone calls `perform`, after the input was checked against the
/// model's constraints and the caller was found to hold every permission.
public protocol AWSOperation: Sendable {
    associatedtype Input: InputShape
    associatedtype Output: OutputShape

    /// What the caller must be allowed. Empty: anyone may, even without credentials.
    func permissions(for input: Input, in call: Call) async throws -> [Permission]

    func perform(_ input: Input, in call: Call) async throws -> Output
}

extension AWSOperation {
    public static var name: String { "\(Self.self)" }
}

/// An output with a member that is a stream of bytes beside the JSON.
public protocol StreamingOutput: OutputShape {
    var body: ByteStream? { get }
}
