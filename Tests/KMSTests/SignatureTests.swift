import ServiceKit
import TestSupport
import Testing

@testable import KMS

/// Asymmetric keys: signatures, public keys, RSA's encryption, key pairs.
@Suite struct SignatureTests {
    private static let rsa = [
        "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384", "RSASSA_PSS_SHA_512", "RSASSA_PKCS1_V1_5_SHA_256",
        "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512",
    ]

    @Test(
        "A signature verifies with its message, and with no other",
        arguments: [
            ("RSA_2048", rsa), ("ECC_NIST_P256", ["ECDSA_SHA_256"]), ("ECC_NIST_P384", ["ECDSA_SHA_384"]),
            ("ECC_NIST_P521", ["ECDSA_SHA_512"]), ("ECC_SECG_P256K1", ["ECDSA_SHA_256"]),
        ])
    func signatures(_ spec: String, _ algorithms: [String]) async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key(#""KeySpec":"\#(spec)","KeyUsage":"SIGN_VERIFY""#)
            let described = try await kms("DescribeKey", #"{"KeyId":"\#(key)"}"#)["KeyMetadata"]
            #expect(described?["SigningAlgorithms"]?.elements.compactMap(\.string).sorted() == algorithms.sorted())
            for algorithm in algorithms {
                let common = #""KeyId":"\#(key)","SigningAlgorithm":"\#(algorithm)""#
                let signed = try await kms("Sign", #"{\#(common),"Message":"aGVsbG8="}"#)
                let signature = try #require(signed["Signature"]?.string)
                let verified = try await kms(
                    "Verify", #"{\#(common),"Message":"aGVsbG8=","Signature":"\#(signature)"}"#)
                #expect(verified["SignatureValid"]?.bool == true)
                let other = try await kms.code(
                    "Verify", #"{\#(common),"Message":"aGVsbG8h","Signature":"\#(signature)"}"#)
                #expect(other == "KMSInvalidSignatureException")
                // The digest of the message stands for the message.
                let hash = try #require(SigningAlgorithm(rawValue: algorithm)).hash
                let digest = Base64.string(hash.digest(of: Array("hello".utf8)))
                let byDigest = try await kms(
                    "Verify", #"{\#(common),"Message":"\#(digest)","MessageType":"DIGEST","Signature":"\#(signature)"}"#
                )
                #expect(byDigest["SignatureValid"]?.bool == true)
            }
            let wrong = try await kms.code(
                "Sign", #"{"KeyId":"\#(key)","SigningAlgorithm":"SM2DSA","Message":"aGVsbG8="}"#)
            #expect(wrong == "InvalidKeyUsageException")
        }
    }

    @Test("What anybody enciphers with an RSA key's public half KMS deciphers", arguments: ["1", "256"])
    func rsaEncryption(_ hash: String) async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key(#""KeySpec":"RSA_2048","KeyUsage":"ENCRYPT_DECRYPT""#)
            let algorithm = "RSAES_OAEP_SHA_\(hash)"
            let ciphertext = try await kms.encrypt("hello", key, #","EncryptionAlgorithm":"\#(algorithm)""#)
            let more = #","KeyId":"\#(key)","EncryptionAlgorithm":"\#(algorithm)""#
            #expect(try await kms.decrypt(ciphertext, more) == "hello")
            let without = try await kms.code("Decrypt", #"{"CiphertextBlob":"\#(ciphertext)"}"#)
            #expect(without == "InvalidCiphertextException" || without == "AccessDeniedException")
            let long = Base64.string([UInt8](repeating: 1, count: 250))
            let tooLong = try await kms.code(
                "Encrypt", #"{"KeyId":"\#(key)","Plaintext":"\#(long)","EncryptionAlgorithm":"\#(algorithm)"}"#)
            #expect(tooLong == "ValidationException")
            #expect(try await kms.code("GenerateDataKey", #"{"KeyId":"\#(key)","KeySpec":"AES_256"}"#) != nil)
            #expect(try await kms.code("RotateKeyOnDemand", #"{"KeyId":"\#(key)"}"#) == "UnsupportedOperationException")
        }
    }

    @Test("A public key is X.509's, and symmetric keys have none")
    func publicKeys() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key(#""KeySpec":"ECC_NIST_P256","KeyUsage":"SIGN_VERIFY""#)
            let answer = try await kms("GetPublicKey", #"{"KeyId":"\#(key)"}"#)
            let der = try #require(Base64.decode(Array((answer["PublicKey"]?.string ?? "").utf8)))
            // SubjectPublicKeyInfo of P-256 ends with the uncompressed point.
            #expect(der.count == 91 && der[26] == 4)
            let symmetric = try await kms.key()
            let refused = try await kms.code("GetPublicKey", #"{"KeyId":"\#(symmetric)"}"#)
            #expect(refused == "UnsupportedOperationException")
        }
    }

    @Test("A key pair's private half comes back from its ciphertext")
    func keyPairs() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let input = #"{"KeyId":"\#(key)","KeyPairSpec":"ECC_NIST_P256"}"#
            let pair = try await kms("GenerateDataKeyPair", input)
            let sealed = try #require(pair["PrivateKeyCiphertextBlob"]?.string)
            let opened = try await kms("Decrypt", #"{"CiphertextBlob":"\#(sealed)"}"#)["Plaintext"]?.string
            #expect(opened == pair["PrivateKeyPlaintext"]?.string)
            let bytes = try #require(Base64.decode(Array((opened ?? "").utf8)))
            #expect(Base64.string(try AsymmetricKey(pkcs8: bytes).publicKey) == pair["PublicKey"]?.string)
            #expect(try await kms("GenerateDataKeyPairWithoutPlaintext", input)["PrivateKeyPlaintext"] == nil)
        }
    }
}
