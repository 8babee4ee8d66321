import Glibc

/// A system call on a socket that failed.
public struct SocketError: Error, Equatable, CustomStringConvertible {
    public let call: String
    /// The C library's error number.
    public let code: Int32

    public init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    public var description: String {
        guard let text = strerror(code) else { return "\(call): error \(code)" }
        return "\(call): \(String(cString: text))"
    }
}
