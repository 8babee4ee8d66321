import COpenSSL
import Synchronization

/// A server's certificates, chosen by the name a client asks for, and replaceable while it runs.
public final class TLSContext: Sendable {
    /// OpenSSL's reference-counted context.
    ///
    /// `@unchecked Sendable`: OpenSSL counts references atomically, and a context is not changed once it is made.
    private final class Handle: @unchecked Sendable {
        let context: OpaquePointer

        init(_ context: OpaquePointer) { self.context = context }
        deinit { SSL_CTX_free(context) }
    }

    private struct Certificates {
        var byName: [String: Handle]
        var fallback: Handle
    }

    private let certificates: Mutex<Certificates>
    private let offersHTTP2: Bool

    /// - Parameters:
    ///   - certificates: at least one; the first also answers clients that ask for no name or an unknown one.
    ///   - http2: whether HTTP/2 is offered by ALPN.
    /// - Throws: `TLSError` where a certificate or key cannot be read, or they do not belong together.
    public init(certificates: [TLSCertificate], http2: Bool = true) throws(TLSError) {
        offersHTTP2 = http2
        self.certificates = Mutex(try Self.load(certificates, http2: http2))
    }

    /// Replaces every certificate; connections that stand keep theirs.
    public func reload(_ certificates: [TLSCertificate]) throws(TLSError) {
        let loaded = try Self.load(certificates, http2: offersHTTP2)
        self.certificates.withLock { $0 = loaded }
    }

    func makeSession(on descriptor: Int32) throws(TLSError) -> TLSSession {
        let fallback = certificates.withLock { $0.fallback }
        let session = try TLSSession.make(context: fallback.context, descriptor: descriptor, owner: self)
        // The session holds `self` for as long as OpenSSL can call back.
        session.acceptPeer(Unmanaged.passUnretained(self).toOpaque(), choose: chooseCertificate)
        return session
    }

    /// The context for a client's name: its own, its parent's wildcard, or `nil` for the fallback.
    func withContext(for name: String, _ use: (OpaquePointer) -> Void) {
        let name = name.asciiLowercased
        let handle = certificates.withLock { certificates in
            certificates.byName[name] ?? name.firstIndex(of: ".").flatMap { certificates.byName["*" + name[$0...]] }
        }
        if let handle { use(handle.context) }
    }

    private static func load(_ certificates: [TLSCertificate], http2: Bool) throws(TLSError) -> Certificates {
        var byName: [String: Handle] = [:]
        var first: Handle?
        for certificate in certificates {
            let handle = try makeHandle(certificate, http2: http2)
            first = first ?? handle
            for name in certificate.names where byName[name] == nil { byName[name] = handle }
        }
        guard let first else { throw TLSError(description: "no certificate given") }
        return Certificates(byName: byName, fallback: first)
    }

    private static func makeHandle(_ certificate: TLSCertificate, http2: Bool) throws(TLSError) -> Handle {
        let handle = Handle(try TLSSettings.makeContext(TLS_server_method()))
        SSL_CTX_set_alpn_select_cb(handle.context, http2 ? ProtocolChoice.http2 : ProtocolChoice.http1, nil)
        let key = try PEM.privateKey(in: certificate.key)
        defer { EVP_PKEY_free(key) }
        let chain = try PEM.certificates(in: certificate.chain)
        defer { for certificate in chain { X509_free(certificate) } }
        guard SSL_CTX_use_certificate(handle.context, chain[0]) == 1 else { throw .latest("certificate") }
        for issuer in chain.dropFirst() {
            X509_up_ref(issuer)
            // `add` takes over the reference.
            let added = SSL_CTX_ctrl(handle.context, SSL_CTRL_EXTRA_CHAIN_CERT, 0, UnsafeMutableRawPointer(issuer))
            guard added == 1 else {
                X509_free(issuer)
                throw .latest("chain")
            }
        }
        guard SSL_CTX_use_PrivateKey(handle.context, key) == 1 else { throw .latest("private key") }
        guard SSL_CTX_check_private_key(handle.context) == 1 else { throw .latest("key and certificate") }
        return handle
    }
}

/// OpenSSL's callback when a client's hello has come: the certificate for the name it asks for.
private func chooseCertificate(_ ssl: OpaquePointer?, _ owner: UnsafeMutableRawPointer?) -> Int32 {
    guard let ssl, let owner else { return 0 }
    guard let name = SSL_get_servername(ssl, Int32(TLSEXT_NAMETYPE_host_name)) else { return 1 }
    Unmanaged<TLSContext>.fromOpaque(owner).takeUnretainedValue()
        .withContext(for: String(cString: name)) { SSL_set_SSL_CTX(ssl, $0) }
    return 1
}
