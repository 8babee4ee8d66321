/// Keyed hashing, RFC 2104.
public enum HMAC {
    public static func sha256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        HMACKey<SHA256>(key).authenticate(bytes)
    }

    public static func sha256(key: [UInt8], _ text: String) -> [UInt8] {
        HMACKey<SHA256>(key).authenticate(text)
    }

    public static func sha512(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        HMACKey<SHA512>(key).authenticate(bytes)
    }

    /// For TOTP (RFC 6238), which authenticator apps compute with SHA-1, and for Version 2 of S3's signatures.
    public static func sha1(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        HMACKey<SHA1>(key).authenticate(bytes)
    }
}

/// A key already absorbed: each message saves hashing the two padded key blocks.
public struct HMACKey<Function: Digest>: Sendable {
    let inner: Function
    let outer: Function

    public init(_ key: [UInt8]) {
        let key = key.count > Function.blockByteCount ? Function.hash(key) : key
        inner = Self.absorb(key, paddedWith: 0x36)
        outer = Self.absorb(key, paddedWith: 0x5c)
    }

    private static func absorb(_ key: [UInt8], paddedWith pad: UInt8) -> Function {
        var function = Function()
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Function.blockByteCount) { block in
            block.initialize(repeating: pad)
            for index in key.indices { block[index] = key[index] ^ pad }
            function.update(UnsafeRawBufferPointer(block))
        }
        return function
    }

    public func authenticate(_ bytes: [UInt8]) -> [UInt8] {
        var message = begin()
        message.update(bytes)
        return message.finalize()
    }

    public func authenticate(_ text: String) -> [UInt8] {
        var message = begin()
        message.update(text)
        return message.finalize()
    }

    /// Starts a message that arrives in pieces.
    public func begin() -> Message { Message(inner: inner, outer: outer) }

    /// A message being authenticated.
    public struct Message: Sendable {
        private var inner: Function
        private var outer: Function

        fileprivate init(inner: Function, outer: Function) {
            self.inner = inner
            self.outer = outer
        }

        public mutating func update(_ bytes: [UInt8]) { inner.update(bytes) }
        public mutating func update(_ text: String) { inner.update(text) }

        public mutating func finalize() -> [UInt8] {
            outer.update(inner.finalize())
            return outer.finalize()
        }
    }
}
