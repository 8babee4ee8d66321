import COpenSSL

/// An asymmetric key that OpenSSL has parsed once and keeps ready.
///
/// OpenSSL counts references to a key and locks its caches itself, and nothing here changes it after it was made:
/// that is what protects it between threads.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(taking pointer: OpaquePointer) { self.pointer = pointer }
    deinit { EVP_PKEY_free(pointer) }

    func sign(_ message: [UInt8]) throws -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw CryptoError.failed(operation: "sign") }
        defer { EVP_MD_CTX_free(context) }
        var count = 0
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer) == 1,
            EVP_DigestSign(context, nil, &count, message, message.count) == 1
        else { throw CryptoError.failed(operation: "sign") }
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
            throw CryptoError.failed(operation: "sign")
        }
        return Array(signature.prefix(count))
    }

    func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            // A refused signature leaves its reason in the thread's queue, where the next caller would read it.
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, pointer) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    func number(_ parameter: String) throws -> BigNumber {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, parameter, &number) == 1, let number else {
            throw CryptoError.failed(operation: "read \(parameter)")
        }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return BigNumber(bytes: bytes)
    }

    /// Runs a writer of PEM text into memory.
    func pem(_ write: (OpaquePointer, OpaquePointer) -> Int32) throws -> String {
        String(decoding: try written(write), as: UTF8.self)
    }

    /// Runs a writer into memory.
    func written(_ write: (OpaquePointer, OpaquePointer) -> Int32) throws -> [UInt8] {
        guard let buffer = BIO_new(BIO_s_mem()) else { throw CryptoError.failed(operation: "write key") }
        defer { BIO_free(buffer) }
        guard write(buffer, pointer) == 1 else { throw CryptoError.failed(operation: "write key") }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(buffer))
        let read = BIO_read(buffer, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(Int(max(read, 0))))
    }

    /// Runs a reader of PEM text over memory.
    convenience init(pem: String, _ read: (OpaquePointer) -> OpaquePointer?) throws {
        // The buffer reads the text where it lies: its address is good within this closure only.
        let key = Array(pem.utf8).withUnsafeBytes { text -> OpaquePointer? in
            guard let length = Int32(exactly: text.count), let buffer = BIO_new_mem_buf(text.baseAddress, length) else {
                return nil
            }
            defer { BIO_free(buffer) }
            return read(buffer)
        }
        guard let key else {
            ERR_clear_error()
            throw CryptoError.malformed
        }
        self.init(taking: key)
    }

    /// Makes a public key of the type and parts given.
    ///
    /// The builder keeps pointers to the names and values it is given until the key is made, so they must live longer.
    convenience init(type: String, _ addParts: (OpaquePointer) -> Bool) throws {
        guard let builder = OSSL_PARAM_BLD_new() else { throw CryptoError.failed(operation: "make key") }
        defer { OSSL_PARAM_BLD_free(builder) }
        guard addParts(builder), let parts = OSSL_PARAM_BLD_to_param(builder) else { throw CryptoError.malformed }
        defer { OSSL_PARAM_free(parts) }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else {
            throw CryptoError.failed(operation: "make key")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        // EVP_PKEY_PUBLIC_KEY, a macro expression that does not come through to Swift.
        let publicKeySelection: Int32 = 0x86
        guard EVP_PKEY_fromdata_init(context) == 1,
            EVP_PKEY_fromdata(context, &key, publicKeySelection, parts) == 1, let key
        else {
            ERR_clear_error()
            throw CryptoError.malformed
        }
        self.init(taking: key)
    }
}

extension StaticString {
    /// The text as C reads it, for as long as the program runs.
    var cString: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}
