import ServiceKit
import TestSupport
import Testing

@testable import KMS

/// Enciphering and deciphering.
@Suite struct MessageTests {
    @Test("A message comes back from its ciphertext alone, which names its key")
    func roundTrip() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let ciphertext = try await kms.encrypt("hello", key)
            #expect(try await kms.decrypt(ciphertext) == "hello")
            #expect(try await kms.decrypt(ciphertext, #","KeyId":"\#(key)""#) == "hello")
            #expect(try await kms.encrypt("hello", key) != ciphertext)
        }
    }

    @Test("A ciphertext opens with its own encryption context only")
    func context() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let ciphertext = try await kms.encrypt("hello", key, #","EncryptionContext":{"a":"1","b":"2"}"#)
            #expect(try await kms.decrypt(ciphertext, #","EncryptionContext":{"b":"2","a":"1"}"#) == "hello")
            for other in ["", #","EncryptionContext":{"a":"1"}"#, #","EncryptionContext":{"a":"1","b":"3"}"#] {
                let code = try await kms.code("Decrypt", #"{"CiphertextBlob":"\#(ciphertext)"\#(other)}"#)
                #expect(code == "InvalidCiphertextException")
            }
        }
    }

    @Test("Contexts that only look alike when their texts are joined are not the same")
    func contextEncoding() {
        let one = EncryptionContext(["a": "bc"])
        let other = EncryptionContext(["ab": "c"])
        #expect(one.authenticated != other.authenticated)
        #expect(EncryptionContext(nil).authenticated.isEmpty)
    }

    @Test("Altered ciphertexts, others' and none are refused, each in its way")
    func refusals() async throws {
        try await KMSCalls.with { kms in
            let (key, other) = (try await kms.key(), try await kms.key())
            let ciphertext = try await kms.encrypt("hello", key)
            var bytes = try #require(Base64.decode(Array(ciphertext.utf8)))
            func code(_ bytes: [UInt8], _ more: String = "") async throws -> String? {
                try await kms.code("Decrypt", #"{"CiphertextBlob":"\#(Base64.string(bytes))"\#(more)}"#)
            }
            #expect(try await code(bytes, #","KeyId":"\#(other)""#) == "IncorrectKeyException")
            #expect(try await code(Array("no ciphertext".utf8)) == "InvalidCiphertextException")
            bytes[bytes.count - 20] ^= 1
            #expect(try await code(bytes) == "InvalidCiphertextException")
            bytes[3] ^= 1
            #expect(try await code(bytes) == "AccessDeniedException")
        }
    }

    @Test("A data key is the same in the clear and enciphered, and as long as asked")
    func dataKeys() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let reply = try await kms("GenerateDataKey", #"{"KeyId":"\#(key)","KeySpec":"AES_256"}"#)
            let plaintext = try #require(reply["Plaintext"]?.string)
            #expect(Base64.decode(Array(plaintext.utf8))?.count == 32)
            let ciphertext = try #require(reply["CiphertextBlob"]?.string)
            let opened = try await kms("Decrypt", #"{"CiphertextBlob":"\#(ciphertext)"}"#)
            #expect(opened["Plaintext"]?.string == plaintext)
            let later = try await kms(
                "GenerateDataKeyWithoutPlaintext", #"{"KeyId":"\#(key)","NumberOfBytes":17}"#)
            #expect(later["Plaintext"] == nil)
            #expect(try await kms.code("GenerateDataKey", #"{"KeyId":"\#(key)"}"#) == "ValidationException")
        }
    }

    @Test("What is enciphered anew opens under the other key, with the other context")
    func reEncrypt() async throws {
        try await KMSCalls.with { kms in
            let (one, two) = (try await kms.key(), try await kms.key())
            let ciphertext = try await kms.encrypt("hello", one, #","EncryptionContext":{"a":"1"}"#)
            let reply = try await kms(
                "ReEncrypt",
                #"{"CiphertextBlob":"\#(ciphertext)","SourceEncryptionContext":{"a":"1"},"DestinationKeyId":"\#(two)","DestinationEncryptionContext":{"b":"2"}}"#
            )
            let new = try #require(reply["CiphertextBlob"]?.string)
            #expect(reply["KeyId"]?.string?.hasSuffix(two) == true)
            #expect(try await kms.decrypt(new, #","EncryptionContext":{"b":"2"},"KeyId":"\#(two)""#) == "hello")
        }
    }

    @Test("More than 4096 bytes are too many, and a key of codes enciphers nothing")
    func limits() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let long = Base64.string([UInt8](repeating: 7, count: 4097))
            #expect(
                try await kms.code("Encrypt", #"{"KeyId":"\#(key)","Plaintext":"\#(long)"}"#) == "ValidationException")
            let codes = try await kms.key(#""KeySpec":"HMAC_256","KeyUsage":"GENERATE_VERIFY_MAC""#)
            #expect(
                try await kms.code("Encrypt", #"{"KeyId":"\#(codes)","Plaintext":"aGVsbG8="}"#)
                    == "InvalidKeyUsageException")
        }
    }

    @Test("Codes of all four lengths verify, and others do not")
    func codes() async throws {
        try await KMSCalls.with { kms in
            for (bits, count) in [(224, 28), (256, 32), (384, 48), (512, 64)] {
                let key = try await kms.key(#""KeySpec":"HMAC_\#(bits)","KeyUsage":"GENERATE_VERIFY_MAC""#)
                let message = #""KeyId":"\#(key)","Message":"aGVsbG8=","MacAlgorithm":"HMAC_SHA_\#(bits)""#
                let code = try #require(try await kms("GenerateMac", "{\(message)}")["Mac"]?.string)
                #expect(Base64.decode(Array(code.utf8))?.count == count)
                let verified = try await kms("VerifyMac", #"{\#(message),"Mac":"\#(code)"}"#)
                #expect(verified["MacValid"]?.bool == true)
                #expect(
                    try await kms.code("VerifyMac", #"{\#(message),"Mac":"AAAA"}"#) == "KMSInvalidMacException")
            }
        }
    }

    @Test("SHA-224 and SHA-384 codes are RFC 4231's")
    func codeVectors() {
        let (key, text) = (Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(
            Hex.string(MACAlgorithm.sha224.code(of: text, key: key))
                == "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44")
        #expect(
            Hex.string(MACAlgorithm.sha384.code(of: text, key: key))
                == "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649")
    }
}
