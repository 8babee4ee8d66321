import COpenSSL
import Glibc

/// One connection's TLS state over a non-blocking socket. Confined to its channel.
final class TLSSession {
    enum Handshake {
        case done, wantsRead, wantsWrite
        case failed(String)
    }

    private let ssl: OpaquePointer
    /// Keeps the certificates of a server alive while OpenSSL may ask for them.
    private let owner: AnyObject

    fileprivate init(_ ssl: OpaquePointer, owner: AnyObject) {
        self.ssl = ssl
        self.owner = owner
    }

    /// - Parameter owner: what must live as long as the session.
    static func make(context: OpaquePointer, descriptor: Int32, owner: AnyObject) throws(TLSError) -> TLSSession {
        ERR_clear_error()
        guard let ssl = SSL_new(context) else { throw .latest("SSL_new") }
        let session = TLSSession(ssl, owner: owner)
        guard SSL_set_fd(ssl, descriptor) == 1 else { throw .latest("SSL_set_fd") }
        return session
    }

    deinit { SSL_free(ssl) }

    /// Accepts as a server; `choose` picks the certificate when the client's hello has come, with `context` passed on.
    func acceptPeer(
        _ context: UnsafeMutableRawPointer,
        choose: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32
    ) {
        SSL_set_accept_state(ssl)
        SSL_set_cert_cb(ssl, choose, context)
    }

    /// Connects as a client that demands a certificate for `host`, a name or an address.
    func connectPeer(named host: String) throws(TLSError) {
        SSL_set_connect_state(ssl)
        if SocketAddress.isNumeric(host) {
            guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1 else { throw .latest("address") }
            return
        }
        guard SSL_set1_host(ssl, host) == 1 else { throw .latest("SSL_set1_host") }
        let named = host.withCString { name in
            // The macro's argument is not const, but it is copied.
            let name = UnsafeMutableRawPointer(mutating: name)
            return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), name)
        }
        guard named == 1 else { throw .latest("server name") }
    }

    func handshake() -> Handshake {
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        if result == 1 { return .done }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        default: return .failed(handshakeFailure())
        }
    }

    private func handshakeFailure() -> String {
        let verdict = SSL_get_verify_result(ssl)
        let error = TLSError.latest("handshake").description
        guard verdict != Int(X509_V_OK), let text = X509_verify_cert_error_string(verdict) else { return error }
        return error + " (" + String(cString: text) + ")"
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        ERR_clear_error()
        var count = 0
        let result = SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
        return result == 1 ? .bytes(count) : transfer(after: result)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        ERR_clear_error()
        var count = 0
        let result = SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count)
        return result == 1 ? .bytes(count) : transfer(after: result)
    }

    private func transfer(after result: Int32) -> Transfer {
        let code = errno
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .end
        case SSL_ERROR_SYSCALL: return .failed(.socket(SocketError("tls", code)))
        default: return .failed(.tls(TLSError.latest("tls").description))
        }
    }

    func notifyClose() {
        ERR_clear_error()
        if SSL_is_init_finished(ssl) == 1 { SSL_shutdown(ssl) }
        ERR_clear_error()
    }

    /// The name the client asked for.
    var serverName: String? {
        guard let name = SSL_get_servername(ssl, Int32(TLSEXT_NAMETYPE_host_name)) else { return nil }
        return String(cString: name)
    }

    /// What ALPN chose: `h2`, `http/1.1`.
    var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        guard let name, count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    /// `TLSv1.3`, …
    var version: String { String(cString: SSL_get_version(ssl)) }
}
