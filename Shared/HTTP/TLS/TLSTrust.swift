import COpenSSL

/// Whom a client believes.
public enum TLSTrust: Sendable, Hashable {
    /// The machine's certificate authorities.
    case system
    /// These authorities only, as PEM.
    case authorities(String)
    /// These authorities besides the machine's.
    case systemAnd(String)
}

/// A client's TLS settings: who is trusted, and that HTTP/1.1 is what we speak.
final class TLSClientContext: Sendable {
    /// Sendable: OpenSSL counts references atomically and the context is not changed once it is made.
    private nonisolated(unsafe) let context: OpaquePointer

    init(_ trust: TLSTrust) throws(TLSError) {
        context = try TLSSettings.makeContext(TLS_client_method())
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        let offered: [UInt8] = [8] + Array("http/1.1".utf8)
        SSL_CTX_set_alpn_protos(context, offered, UInt32(offered.count))
        switch trust {
        case .system: try trustSystem()
        case .authorities(let authorities): try add(authorities)
        case .systemAnd(let authorities):
            try trustSystem()
            try add(authorities)
        }
    }

    deinit { SSL_CTX_free(context) }

    private func trustSystem() throws(TLSError) {
        guard SSL_CTX_set_default_verify_paths(context) == 1 else { throw .latest("system authorities") }
    }

    private func add(_ authorities: String) throws(TLSError) {
        let store = SSL_CTX_get_cert_store(context)
        let certificates = try PEM.certificates(in: authorities)
        defer { for certificate in certificates { X509_free(certificate) } }
        for certificate in certificates {
            guard X509_STORE_add_cert(store, certificate) == 1 else { throw .latest("authority") }
        }
    }

    func makeSession(on descriptor: Int32, host: String) throws(TLSError) -> TLSSession {
        let session = try TLSSession.make(context: context, descriptor: descriptor, owner: self)
        try session.connectPeer(named: host)
        return session
    }
}
