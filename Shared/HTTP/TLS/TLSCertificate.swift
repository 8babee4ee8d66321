import COpenSSL

/// A certificate with its private key, for the names it was issued to.
public struct TLSCertificate: Sendable {
    /// Names it answers to, in lower case; a leading `*.` stands for one label.
    public let names: [String]
    /// The certificate, then the chain up to the root, as PEM.
    public let chain: String
    /// The private key as PEM, not encrypted.
    public let key: String

    /// - Parameter names: the names to answer to; without any, those that stand in the certificate.
    /// - Throws: `TLSError` where the PEM text cannot be read.
    public init(chain: String, key: String, names: [String] = []) throws(TLSError) {
        self.chain = chain
        self.key = key
        let names = names.isEmpty ? try Self.alternativeNames(of: chain) : names
        self.names = names.map(\.asciiLowercased)
    }

    private static func alternativeNames(of chain: String) throws(TLSError) -> [String] {
        guard let certificate = try PEM.certificates(in: chain).first else {
            throw TLSError(description: "no certificate in the PEM text")
        }
        defer { X509_free(certificate) }
        guard let found = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(found)
        defer { GENERAL_NAMES_free(names) }
        return (0..<OPENSSL_sk_num(names)).compactMap { index in
            guard let entry = OPENSSL_sk_value(names, index) else { return nil }
            let name = entry.assumingMemoryBound(to: GENERAL_NAME.self).pointee
            guard name.type == GEN_DNS, let text = name.d.dNSName else { return nil }
            let bytes = UnsafeBufferPointer(start: ASN1_STRING_get0_data(text), count: Int(ASN1_STRING_length(text)))
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// Reads PEM text with OpenSSL; what it returns is the caller's to free.
enum PEM {
    static func certificates(in text: String) throws(TLSError) -> [OpaquePointer] {
        let source = try source(text)
        defer { BIO_free(source) }
        var found: [OpaquePointer] = []
        while let certificate = PEM_read_bio_X509(source, nil, nil, nil) { found.append(certificate) }
        // Reading past the last one leaves "no start line" behind.
        ERR_clear_error()
        guard !found.isEmpty else { throw TLSError(description: "no certificate in the PEM text") }
        return found
    }

    static func privateKey(in text: String) throws(TLSError) -> OpaquePointer {
        let source = try source(text)
        defer { BIO_free(source) }
        // A callback that answers nothing: a passphrase must never be asked for on the terminal.
        guard let key = PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in 0 }, nil) else { throw .latest("private key") }
        return key
    }

    private static func source(_ text: String) throws(TLSError) -> OpaquePointer {
        guard let source = BIO_new(BIO_s_mem()) else { throw .latest("BIO_new") }
        var text = text
        text.withUTF8 { _ = BIO_write(source, $0.baseAddress, Int32($0.count)) }
        return source
    }
}
