import HTTPTypes
import Synchronization

/// What stands before the signature in an `Authorization` header, understood: credential, scope and signed headers.
///
/// A client sends the same text there all day long, so that it is taken apart once. Nothing secret is kept and nothing
/// is decided here: the entry is a function of the text alone, and every signature is verified all the same.
struct KnownCredential: Sendable {
    let algorithm: SigningAlgorithm
    let credential: Credential
    let signedHeaders: [String]
}

/// The texts seen lately.
enum KnownCredentials {
    private static let capacity = 1024
    /// What is longer is not worth remembering.
    private static let longestText = 1024
    private static let entries = Mutex<[Substring: KnownCredential]>([:])

    static func find(_ text: Substring) -> KnownCredential? {
        guard text.utf8.count <= longestText else { return nil }
        return entries.withLock { $0[text] }
    }

    static func insert(_ known: KnownCredential, for text: Substring) {
        guard text.utf8.count <= longestText else { return }
        // The substring alone would keep the whole header.
        let text = Substring(String(text))
        entries.withLock { entries in
            // Dropping all is rare, cheap to refill and needs no bookkeeping on the hot path.
            if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
            entries[text] = known
        }
    }
}
