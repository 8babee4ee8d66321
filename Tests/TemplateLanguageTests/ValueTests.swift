import JSON
import Testing

@testable import TemplateLanguage

/// Values go to JSON and back as they are, and are read as loosely as CloudFormation reads them.
@Suite("Values")
struct ValueTests {
    @Test("A value written and read again is the same, numbers to the letter")
    func roundTrip() throws {
        let value = TemplateValue.map([
            "n": .number("1.50"), "big": .number("12345678901234567890"), "e": .number("1E+2"), "s": .string("a\n\"é"),
            "l": .list([.null, .bool(true), .unknown]), "m": .map([:]),
        ])
        let text = value.jsonText
        #expect(text.contains("1.50") && text.contains("12345678901234567890") && text.contains("1E+2"))
        #expect(TemplateValue(try JSONDocument(Array(text.utf8)).root) == value)
        // A template that says so means the text.
        #expect(try TemplateParser.parse(text)["l"]?.list?.last == .string(TemplateValue.unknownText))
        #expect(TemplateMap(members: try JSONDocument(Array(text.utf8)).root) == value.map)
    }

    @Test("Whole numbers, numbers and flags, also as texts")
    func coercions() {
        #expect(TemplateValue.string("5").integer == 5)
        #expect(TemplateValue.number("5.0").integer == 5)
        #expect(TemplateValue.number("1e3").integer == 1000)
        #expect(TemplateValue.number("5.5").integer == nil)
        #expect(TemplateValue.string("x").integer == nil)
        #expect(TemplateValue.bool(true).integer == nil)
        #expect(TemplateValue.number("1e400").double == nil)
        #expect(TemplateValue.string("5.5").double == 5.5)
        #expect(TemplateValue.string("True").boolean == true)
        #expect(TemplateValue.string("false").boolean == false)
        #expect(TemplateValue.string("1").boolean == nil)
        #expect(TemplateMap([.init("a", .string("7"))]).integer("a") == 7)
    }

    @Test("Dynamic references are found where they stand")
    func dynamicReferences() {
        let map: TemplateMap = [
            "a": .string("x{{resolve:ssm:/a:1}}y{{resolve:secretsmanager:b}}"),
            "b": .list([.string("{{resolve:ssm-secure:c}}")]),
            "c": .string("{{resolve:open"), "d": .string("{{other}}"),
        ]
        #expect(
            Template.dynamicReferences(in: map) == [
                "{{resolve:ssm:/a:1}}", "{{resolve:secretsmanager:b}}", "{{resolve:ssm-secure:c}}",
            ])
    }

    @Test(
        "Blocks of addresses",
        arguments: [
            ("192.168.0.0/24", 6, 5, ["192.168.0.0/27", "192.168.0.160/27"]),
            ("10.1.2.3/16", 2, 8, ["10.1.0.0/24", "10.1.1.0/24"]),
            ("0.0.0.0/0", 256, 24, ["0.0.0.0/8", "255.0.0.0/8"]),
            ("2001:db8:1234:1a00::/56", 256, 64, ["2001:db8:1234:1a00::/64", "2001:db8:1234:1aff::/64"]),
            ("::/0", 3, 126, ["::/2", "8000::/2"]),
            ("10.0.0.1/32", 1, 0, ["10.0.0.1/32", "10.0.0.1/32"]),
        ])
    func addresses(block: String, count: Int, bits: Int, ends: [String]) throws {
        let blocks = try #require(AddressBlock(block)?.blocks(count, hostBits: bits))
        #expect([blocks.first?.text, blocks.last?.text] == ends)
        #expect(blocks.count == count)
    }

    @Test(
        "What is no block of addresses",
        arguments: [
            "", "10.0.0.0", "10.0.0/8", "10.0.0.0/33", "10.0.0.256/8", "::1/129", "::g/8", "10.0.0.0/-1", "a/b/c",
        ])
    func noAddresses(text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test("Blocks that do not fit")
    func tooMany() throws {
        let block = try #require(AddressBlock("10.0.0.0/24"))
        #expect(block.blocks(9, hostBits: 5) == nil)
        #expect(block.blocks(1, hostBits: 9) == nil)
        #expect(block.blocks(8, hostBits: 5)?.count == 8)
    }
}
