import COpenSSL

@testable import HTTP

/// A fresh certificate and key for some names, signed by itself.
struct SelfSignedCertificate {
    let chain: String
    let key: String

    /// - Parameter names: as in a certificate: `DNS:localhost,IP:127.0.0.1`.
    init(_ names: String) {
        let key = Self.makeKey()
        defer { EVP_PKEY_free(key) }
        let certificate = X509_new()!
        defer { X509_free(certificate) }
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...1 << 30))
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600)
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600)
        X509_set_pubkey(certificate, key)
        let name = X509_get_subject_name(certificate)
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, "Apus test", -1, -1, 0)
        X509_set_issuer_name(certificate, name)
        for (kind, value) in [(NID_subject_alt_name, names), (NID_basic_constraints, "critical,CA:TRUE")] {
            let field = X509V3_EXT_conf_nid(nil, nil, kind, value)
            X509_add_ext(certificate, field, -1)
            X509_EXTENSION_free(field)
        }
        X509_sign(certificate, key, EVP_sha256())
        chain = Self.text { PEM_write_bio_X509($0, certificate) }
        self.key = Self.text { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    private static func makeKey() -> OpaquePointer {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
        defer { EVP_PKEY_CTX_free(context) }
        EVP_PKEY_keygen_init(context)
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
        var key: OpaquePointer?
        EVP_PKEY_keygen(context, &key)
        return key!
    }

    private static func text(_ write: (OpaquePointer) -> Int32) -> String {
        let sink = BIO_new(BIO_s_mem())!
        defer { BIO_free(sink) }
        precondition(write(sink) == 1)
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = BIO_read(sink, &buffer, Int32(buffer.count))
        return String(decoding: buffer[..<Int(count)], as: UTF8.self)
    }

    var tls: TLSCertificate { get throws { try TLSCertificate(chain: chain, key: key) } }
}
