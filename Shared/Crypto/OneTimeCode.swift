/// The codes of six digits that a seed gives every thirty seconds.
///
/// [RFC 6238](https://www.rfc-editor.org/rfc/rfc6238), with HMAC-SHA-1 as every authenticator has it.
public enum OneTimeCode {
    /// How long one code holds.
    public static let stepSeconds: Int64 = 30

    /// The step that a moment lies in, from its seconds since 1970.
    public static func step(atSeconds seconds: Int64) -> Int64 { seconds / stepSeconds }

    public static func code(seed: [UInt8], step: Int64) -> String {
        let digest = HMAC.sha1(key: seed, withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Array($0) })
        let offset = Int(digest[digest.count - 1] & 15)
        let number = digest[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
}
