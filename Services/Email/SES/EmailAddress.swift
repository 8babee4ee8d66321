import ServiceKit

/// A mailbox: `ann@example.com`, perhaps with a name before it: `Ann <ann@example.com>`.
struct EmailAddress: Sendable, Equatable {
    /// As it goes into a header.
    let text: String
    /// `ann@example.com`, as it goes into the envelope.
    let mailbox: String

    var domain: String { String(mailbox.drop { $0 != "@" }.dropFirst()).lowercased() }

    /// - Throws: `InvalidParameterValue`
    init(_ text: String) throws {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw ServiceError.controlCharacters
        }
        var mailbox = Substring(text)
        if let open = text.lastIndex(of: "<"), text.last == ">" {
            mailbox = text[text.index(after: open)...].dropLast()
        }
        while mailbox.first == " " { mailbox.removeFirst() }
        while mailbox.last == " " { mailbox.removeLast() }
        let parts = mailbox.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, mailbox.utf8.count <= 320,
            mailbox.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !Array("<>(),;\"\\".utf8).contains($0) })
        else { throw ServiceError.invalidAddress(text) }
        guard EmailAddress.isOneName(text[..<mailbox.startIndex]) else { throw ServiceError.invalidAddress(text) }
        self.text = text
        self.mailbox = String(mailbox)
    }

    /// Outside quotes a name must not end the address it stands before: the header would name another sender.
    private static func isOneName(_ name: Substring) -> Bool {
        var isQuoted = false
        for (index, byte) in name.utf8.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            let isOpening = byte == UInt8(ascii: "<") && index == name.utf8.count - 1
            if !isQuoted, !isOpening, ",;:<>".utf8.contains(byte) { return false }
        }
        return !isQuoted
    }

    /// Reads a header's list: commas inside quotes and angle brackets do not separate.
    static func list(_ text: String) throws -> [EmailAddress] {
        var addresses: [EmailAddress] = []
        var current = ""
        var isQuoted = false
        for character in text + "," {
            if character == "\"" { isQuoted.toggle() }
            guard character == ",", !isQuoted else {
                current.append(character)
                continue
            }
            let trimmed = current.drop { $0 == " " || $0 == "\t" }
            if !trimmed.isEmpty { addresses.append(try EmailAddress(String(trimmed))) }
            current = ""
        }
        return addresses
    }
}

/// To whom a mail goes.
struct Destination: InputShape {
    let to: [EmailAddress]
    let cc: [EmailAddress]
    let bcc: [EmailAddress]

    static let most = 50

    init(to: [EmailAddress]) {
        self.to = to
        cc = []
        bcc = []
    }

    init(_ member: Members) throws {
        func addresses(_ name: String) throws -> [EmailAddress] {
            let texts: [String] = try member(name) ?? []
            return try texts.map(EmailAddress.init)
        }
        to = try addresses("ToAddresses")
        cc = try addresses("CcAddresses")
        bcc = try addresses("BccAddresses")
    }

    var all: [EmailAddress] { to + cc + bcc }
}
