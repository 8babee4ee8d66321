/// An error as AWS documents it: code, message, status, and members of its shape.
///
/// Services declare theirs as named values in `Errors.swift`; the gateway writes them in the caller's protocol.
public struct ServiceError: Error, Sendable, Equatable {
    /// The shape's or documented code: `ResourceNotFoundException`.
    public var code: String
    public var message: String
    /// The HTTP status.
    public var status: Int
    /// Further members of the error's shape: the inside of one JSON object, without its braces; empty for none.
    public var members: [UInt8]

    public init(_ code: String, _ message: String, status: Int = 400) {
        self.code = code
        self.message = message
        self.status = status
        members = []
    }

    public init(_ code: String, _ message: String, status: Int = 400, members: (inout JSONWriter) -> Void) {
        self.init(code, message, status: status)
        var json = JSONWriter()
        json.object(members)
        self.members = Array(json.bytes.dropFirst().dropLast())
    }

    /// AWS's answer to a fault of ours; the cause stands in the log under the request id, never in the answer.
    public static let internalFailure = ServiceError(
        "InternalFailure", "The request processing has failed because of an unknown error, exception or failure.",
        status: 500)

    /// The owner of the state cannot be reached; SDKs try again.
    public static let unavailable = ServiceError(
        "ServiceUnavailable", "The request has failed due to a temporary failure of the server.", status: 503)
}

/// The form an error has on the bus: `{"code":…,"message":…,"status":…,"members":{…}}`.
extension ServiceError: InputShape, OutputShape {
    public init(_ member: Members) throws {
        code = try member("code")
        message = try member("message") ?? ""
        status = try member("status") ?? 400
        let members: JSONValue? = try member("members")
        self.members = members.map { Array($0.rawBytes.dropFirst().dropLast()) } ?? []
    }

    public func write(to json: inout JSONWriter) {
        json.member("code", code)
        json.member("message", message)
        json.member("status", status)
        if !members.isEmpty {
            json.member("members") { $0.raw([UInt8(ascii: "{")] + members + [UInt8(ascii: "}")]) }
        }
    }

    /// The error as one JSON text.
    public var encoded: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }
}
