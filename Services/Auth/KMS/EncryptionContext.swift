import ServiceKit

/// Names and values that are bound to a ciphertext without being part of it: it opens with the same ones only.
///
/// [Encryption context](https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html)
struct EncryptionContext: Sendable, Equatable {
    let values: [String: String]

    init(_ values: [String: String]?) { self.values = values ?? [:] }

    /// The same bytes for the same pairs in any order, and others for others: every text stands behind its length.
    var authenticated: [UInt8] {
        var bytes: [UInt8] = []
        let pairs = values.map { (Array($0.key.utf8), Array($0.value.utf8)) }
        for (name, value) in pairs.sorted(by: { $0.0.lexicographicallyPrecedes($1.0) }) {
            for text in [name, value] {
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count).bigEndian) { bytes += $0 }
                bytes += text
            }
        }
        return bytes
    }

    /// Condition keys.
    var conditions: [String: [String]] {
        guard !values.isEmpty else { return [:] }
        var conditions = ["kms:EncryptionContextKeys": values.keys.sorted()]
        for (name, value) in values { conditions["kms:EncryptionContext:\(name)"] = [value] }
        return conditions
    }
}
