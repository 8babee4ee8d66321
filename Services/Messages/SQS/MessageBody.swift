import ServiceKit

/// The rule for text in messages: the characters XML 1.0 allows.
enum MessageBody {
    /// - Throws: `InvalidMessageContents`
    static func checkCharacters(of text: String) throws {
        var text = text
        let isValid = text.withUTF8 { bytes in
            bytes.indices.allSatisfy { index in
                let byte = bytes[index]
                if byte < 0x20 { return byte == 0x09 || byte == 0x0a || byte == 0x0d }
                // U+FFFE and U+FFFF are EF BF BE and EF BF BF; Swift's strings hold no surrogates.
                guard byte >= 0xbe, index >= 2 else { return true }
                return !(byte <= 0xbf && bytes[index - 1] == 0xbf && bytes[index - 2] == 0xef)
            }
        }
        guard isValid else { throw ServiceError.invalidMessageContents }
    }
}
