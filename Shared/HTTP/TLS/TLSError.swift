import COpenSSL

/// OpenSSL's word on what failed.
public struct TLSError: Error, Equatable, CustomStringConvertible {
    public let description: String

    /// Takes the first error from this thread's queue and empties it.
    static func latest(_ call: String) -> TLSError {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return TLSError(description: call) }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        let end = text.firstIndex(of: 0) ?? text.endIndex
        let words = String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return TLSError(description: call + ": " + words)
    }
}
