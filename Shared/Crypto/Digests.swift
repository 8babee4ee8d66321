import COpenSSL

// OpenSSL's low-level contexts rather than EVP: they are plain values, need no allocation and no look-up per
// message, and reach the same assembly (measured 1.5 to 3 times as fast on messages of 200 bytes).

/// SHA-256, FIPS 180-4.
public struct SHA256: Digest {
    public static let byteCount = 32
    public static let blockByteCount = 64
    var context = SHA256_CTX()

    public init() { SHA256_Init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    public mutating func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            SHA256_Final(buffer.baseAddress, &context)
            count = Self.byteCount
        }
    }
}

/// SHA-224, FIPS 180-4: for codes that ask for it.
public struct SHA224: Digest {
    public static let byteCount = 28
    public static let blockByteCount = 64
    private var context = SHA256_CTX()

    public init() { SHA224_Init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA224_Update(&context, bytes.baseAddress, bytes.count)
    }

    public mutating func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            SHA224_Final(buffer.baseAddress, &context)
            count = Self.byteCount
        }
    }
}

/// SHA-384, FIPS 180-4: for codes that ask for it.
public struct SHA384: Digest {
    public static let byteCount = 48
    public static let blockByteCount = 128
    private var context = SHA512_CTX()

    public init() { SHA384_Init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA384_Update(&context, bytes.baseAddress, bytes.count)
    }

    public mutating func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            SHA384_Final(buffer.baseAddress, &context)
            count = Self.byteCount
        }
    }
}

/// SHA-512, FIPS 180-4.
public struct SHA512: Digest {
    public static let byteCount = 64
    public static let blockByteCount = 128
    private var context = SHA512_CTX()

    public init() { SHA512_Init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA512_Update(&context, bytes.baseAddress, bytes.count)
    }

    public mutating func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            SHA512_Final(buffer.baseAddress, &context)
            count = Self.byteCount
        }
    }
}

/// SHA-1, FIPS 180-4: for S3's checksums and TOTP, never for signatures.
public struct SHA1: Digest {
    public static let byteCount = 20
    public static let blockByteCount = 64
    private var context = SHA_CTX()

    public init() { SHA1_Init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA1_Update(&context, bytes.baseAddress, bytes.count)
    }

    public mutating func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            SHA1_Final(buffer.baseAddress, &context)
            count = Self.byteCount
        }
    }
}

/// MD5, RFC 1321: for entity tags and message digests that AWS defines so, never for security.
public struct MD5: Digest {
    public static let byteCount = 16
    public static let blockByteCount = 64
    private var context = MD5_CTX()

    public init() { MD5_Init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        MD5_Update(&context, bytes.baseAddress, bytes.count)
    }

    public mutating func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            MD5_Final(buffer.baseAddress, &context)
            count = Self.byteCount
        }
    }
}
