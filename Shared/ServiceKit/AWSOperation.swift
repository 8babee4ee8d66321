/// One AWS action: what it reads, what it answers, what it needs, what it does.
///
/// The type's name is the action's name. The dispatcher alone calls `perform`, after the input was checked against the
/// model's constraints and the caller was found to hold every permission.
public protocol AWSOperation: Sendable {
    associatedtype Input: InputShape
    associatedtype Output: OutputShape

    /// Whether a call never keeps its thread for longer than some microseconds: it reads or writes a row or two, and
    /// neither walks lists nor reads files nor does expensive cryptography. Such calls save two changes of threads.
    var isBrief: Bool { get }

    /// The same of one call, for operations of which it depends on the request. A guess: the body is not parsed yet.
    func isBrief(_ body: [UInt8]) -> Bool

    /// What the caller must be allowed. Empty: anyone may, even without credentials.
    func permissions(for input: Input, in call: Call) async throws -> [Permission]

    func perform(_ input: Input, in call: Call) async throws -> Output
}

extension AWSOperation {
    public static var name: String { "\(Self.self)" }
    public var isBrief: Bool { false }
    public func isBrief(_ body: [UInt8]) -> Bool { isBrief }
}

/// An output with a member that is a stream of bytes beside the JSON.
public protocol StreamingOutput: OutputShape {
    var body: ByteStream? { get }
}
