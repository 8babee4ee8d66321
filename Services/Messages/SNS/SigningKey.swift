import COpenSSL
import ServiceKit

/// The key that signs what leaves for HTTP endpoints, queues and functions, with a certificate to check it by.
///
/// Made when first needed and kept sealed in the database. OpenSSL counts references to a key and locks its caches
/// itself, and nothing here changes it after it was made: that is what protects it between threads.
final class SigningKey: @unchecked Sendable {
    enum Hash { case sha1, sha256 }

    struct Failure: Error {
        let operation: String
    }

    private let key: OpaquePointer
    /// A self-signed X.509 certificate as PEM.
    let certificate: String
    let privateKey: String

    /// Makes a key, which takes tens to hundreds of milliseconds.
    convenience init(at now: Timestamp) throws {
        let pem = try RSA.PrivateKey().pem
        try self.init(privateKey: pem, certificate: SigningKey.selfSigned(pem, at: now))
    }

    init(privateKey: String, certificate: String) throws {
        guard let key = SigningKey.read(privateKey) else { throw Failure(operation: "read key") }
        self.key = key
        self.privateKey = privateKey
        self.certificate = certificate
    }

    deinit { EVP_PKEY_free(key) }

    /// What the URL of the certificate ends with.
    var certificateName: String {
        "SimpleNotificationService-\(Hex.string(SHA256.hash(certificate).prefix(16))).pem"
    }

    /// RSA with PKCS #1 v1.5 padding, base64.
    func signature(of text: String, _ hash: Hash) throws -> String {
        guard let context = EVP_MD_CTX_new() else { throw Failure(operation: "sign") }
        defer { EVP_MD_CTX_free(context) }
        let message = Array(text.utf8)
        var count = 0
        guard EVP_DigestSignInit(context, nil, hash == .sha1 ? EVP_sha1() : EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, nil, &count, message, message.count) == 1
        else { throw Failure(operation: "sign") }
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
            throw Failure(operation: "sign")
        }
        return Base64.string(Array(signature.prefix(count)))
    }

    private static func read(_ pem: String) -> OpaquePointer? {
        // The buffer reads the text where it lies: its address is good within this closure only.
        Array(pem.utf8).withUnsafeBytes { text in
            guard let buffer = BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else { return nil }
            defer { BIO_free(buffer) }
            return PEM_read_bio_PrivateKey(buffer, nil, nil, nil)
        }
    }

    private static func selfSigned(_ pem: String, at now: Timestamp) throws -> String {
        guard let key = read(pem), let certificate = X509_new(), let buffer = BIO_new(BIO_s_mem()) else {
            throw Failure(operation: "make certificate")
        }
        defer {
            BIO_free(buffer)
            X509_free(certificate)
            EVP_PKEY_free(key)
        }
        let begin = time_t(now.seconds)
        let name = X509_get_subject_name(certificate)
        guard X509_set_version(certificate, 2) == 1,
            ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int(now.seconds)) == 1,
            ASN1_TIME_set(X509_getm_notBefore(certificate), begin) != nil,
            ASN1_TIME_set(X509_getm_notAfter(certificate), begin + 3650 * 86_400) != nil,
            X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, "sns.amazonaws.com", -1, -1, 0) == 1,
            X509_set_issuer_name(certificate, name) == 1, X509_set_pubkey(certificate, key) == 1,
            X509_sign(certificate, key, EVP_sha256()) > 0, PEM_write_bio_X509(buffer, certificate) == 1
        else { throw Failure(operation: "make certificate") }
        var text = [UInt8](repeating: 0, count: BIO_ctrl_pending(buffer))
        let read = BIO_read(buffer, &text, Int32(text.count))
        return String(decoding: text.prefix(Int(max(read, 0))), as: UTF8.self)
    }
}
