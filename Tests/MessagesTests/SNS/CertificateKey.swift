import COpenSSL

/// The public key in a certificate, as a receiver of notifications uses it.
struct CertificateKey {
    private let certificate: OpaquePointer

    struct Unreadable: Error {}

    init(pem: String) throws {
        let text = Array(pem.utf8)
        guard let buffer = BIO_new_mem_buf(text, Int32(text.count)) else { throw Unreadable() }
        defer { BIO_free(buffer) }
        guard let certificate = PEM_read_bio_X509(buffer, nil, nil, nil) else { throw Unreadable() }
        self.certificate = certificate
    }

    /// RSA with SHA-256, signature version 2.
    func isValid(_ signature: [UInt8], of text: String) -> Bool {
        guard let context = EVP_MD_CTX_new(), let key = X509_get0_pubkey(certificate) else { return false }
        defer { EVP_MD_CTX_free(context) }
        let message = Array(text.utf8)
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
