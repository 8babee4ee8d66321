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
