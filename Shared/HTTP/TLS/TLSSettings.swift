import COpenSSL

/// OpenSSL contexts with the settings every one of ours has.
enum TLSSettings {
    // Macros of ssl.h that Swift cannot import.
    private static let noCompression: UInt64 = 1 << 17
    private static let serverPreference: UInt64 = 1 << 22
    private static let noRenegotiation: UInt64 = 1 << 30
    private static let tls12 = 0x0303

    /// TLS 1.2 or later, no compression, no renegotiation, writes that may be repeated from another buffer.
    static func makeContext(_ method: OpaquePointer?) throws(TLSError) -> OpaquePointer {
        ERR_clear_error()
        guard let context = SSL_CTX_new(method) else { throw .latest("SSL_CTX_new") }
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, tls12, nil)
        let mode = Int(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS)
        SSL_CTX_ctrl(context, SSL_CTRL_MODE, mode, nil)
        SSL_CTX_set_options(context, noCompression | serverPreference | noRenegotiation)
        // Record headers and bodies in one system call.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_READ_AHEAD, 1, nil)
        return context
    }
}
