import ServiceKit
import Testing

@testable import SES

@Suite("Addresses")
struct AddressTests {
    @Test(
        "An address is a mailbox, perhaps with a name before it",
        arguments: [
            ("ann@example.com", "ann@example.com"), ("Ann <ann@example.com>", "ann@example.com"),
            ("\"Bee, Ann\" <ann@example.com>", "ann@example.com"), ("<ann@example.com>", "ann@example.com"),
            (" ann+tag@example.com ", "ann+tag@example.com"), ("Änn <ann@example.com>", "ann@example.com"),
        ])
    func mailboxes(text: String, mailbox: String) throws {
        let address = try EmailAddress(text)
        #expect(address.mailbox == mailbox && address.domain == "example.com")
    }

    @Test(
        "What would end a header, an envelope or an address is refused",
        arguments: [
            "", "ann", "@example.com", "ann@", "a@b@c", "ann@exa mple.com", "ann@example.com\r\nBcc: eve@example.com",
            "Ann\nX: y <ann@example.com>", "Ann\r <ann@example.com>", "Ann\u{0} <ann@example.com>",
            "<ann@example.com> RCPT TO:<eve@example.com>", "a>b@example.com", "Ann <ann@exämple.com>",
            "president@example.org, Ann <ann@example.com>", "president@example.org <x> <ann@example.com>",
            "\"unclosed <ann@example.com>",
        ])
    func refused(text: String) {
        #expect { try EmailAddress(text) } throws: { ($0 as? ServiceError)?.code == "InvalidParameterValue" }
    }

    @Test("A list is separated by commas outside quotes")
    func list() throws {
        let addresses = try EmailAddress.list("\"Bee, Ann\" <ann@example.com>, bob@example.com,, ")
        #expect(addresses.map(\.mailbox) == ["ann@example.com", "bob@example.com"])
    }
}
