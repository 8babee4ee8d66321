import COpenSSL

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
        guard let key = PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in 0 }, nil) else {
            throw .latest("private key")
        }
        return key
    }

    private static func source(_ text: String) throws(TLSError) -> OpaquePointer {
        guard let source = BIO_new(BIO_s_mem()) else { throw .latest("BIO_new") }
        var text = text
        text.withUTF8 { _ = BIO_write(source, $0.baseAddress, Int32($0.count)) }
        return source
    }
}
