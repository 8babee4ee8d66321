import COpenSSL

/// Comparison whose time tells nothing about where two secrets differ.
public enum ConstantTime {
    /// Lengths are compared first: they are not secret.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    public static func equal(_ left: String, _ right: String) -> Bool { equal(Array(left.utf8), Array(right.utf8)) }
}
