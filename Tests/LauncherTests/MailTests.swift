import ServiceKit
import Testing

@testable import Launcher

@Suite("Mail on the terminal") struct MailTests {
    @Test("What strangers wrote cannot speak to the terminal")
    func controlCharacters() throws {
        let text = #"""
            {"Id":"1","Timestamp":"now","Source":"a@b.c","Recipients":["d@e.f","g@h.i"],"Subject":"x\u001b[2Jy\u009b"}
            """#
        let table = Mail.table([try JSONDocument(Array(text.utf8)).root])
        #expect(table.hasSuffix("1   now       a@b.c  d@e.f, g@h.i  x[2Jy"))
        #expect(!table.unicodeScalars.contains { $0.value == 0x1b || $0.value == 0x9b })
    }
}
