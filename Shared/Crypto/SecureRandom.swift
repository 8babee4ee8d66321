import CSystem
import Glibc

/// Randomness from the kernel, fit for keys and tokens.
public enum SecureRandom {
    /// Characters that a random string may draw from.
    public struct Alphabet: Sendable {
        let characters: [UInt8]

        /// - Precondition: one to 256 ASCII characters.
        public init(_ characters: StaticString) {
            precondition((1...256).contains(characters.utf8CodeUnitCount) && characters.isASCII)
            self.characters = characters.withUTF8Buffer { Array($0) }
        }

        public static let alphanumeric = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        public static let lowercaseAlphanumeric = Alphabet("abcdefghijklmnopqrstuvwxyz0123456789")
        public static let uppercaseAlphanumeric = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        public static let digits = Alphabet("0123456789")
        public static let hex = Alphabet("0123456789abcdef")
        /// RFC 4648 section 6: access key and unique identifiers are made of these.
        public static let base32 = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        public static let base64 = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    }

    public static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let read = getrandom(buffer.baseAddress?.advanced(by: initialized), count - initialized, 0)
                // Only a signal interrupts getrandom once the kernel's pool is seeded.
                precondition(read >= 0 || errno == EINTR, "the kernel gives no randomness")
                initialized += max(read, 0)
            }
        }
    }

    /// A text of `count` characters, each drawn with the same probability.
    public static func string(_ count: Int, of alphabet: Alphabet = .alphanumeric) -> String {
        let size = alphabet.characters.count
        // Bytes at or above the largest multiple of the size would favour the first characters.
        let limit = 256 / size * size
        var text: [UInt8] = []
        text.reserveCapacity(count)
        while text.count < count {
            for byte in bytes(count - text.count) where Int(byte) < limit {
                text.append(alphabet.characters[Int(byte) % size])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
