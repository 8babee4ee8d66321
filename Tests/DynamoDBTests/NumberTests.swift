import Testing

@testable import DynamoDB

@Suite("Numbers")
struct NumberTests {
    @Test(
        "are answered in one canonical form, whatever form they came in",
        arguments: [
            ("0", "0"), ("-0", "0"), ("0.000", "0"), ("0e126", "0"), ("+3", "3"), ("1000", "1000"), ("1e3", "1000"),
            ("1E+3", "1000"), ("1000.0", "1000"), ("001000", "1000"), (".123", "0.123"), ("0001.23", "1.23"),
            ("-7.1234", "-7.1234"), ("-17e5", "-1700000"), ("-17.4E3", "-17400"), ("1.50", "1.5"), ("0.1e1", "1"),
            ("5.", "5"), ("12345678901234567890", "12345678901234567890"),
            ("0.00000000000000000001", "0.00000000000000000001"),
            ("3.1415926535897932384626433832795028841", "3.1415926535897932384626433832795028841"),
            ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
            ("1e-130", "0." + String(repeating: "0", count: 129) + "1"),
            ("9.99e125", "999" + String(repeating: "0", count: 123)),
            ("0.1e126", "1" + String(repeating: "0", count: 125)),
        ])
    func canonicalForm(text: String, expected: String) throws {
        #expect(try number(text).text == expected)
    }

    @Test(
        "that are none are refused with AWS's words",
        arguments: [
            "NaN", "Infinity", "-Infinity", "dog", " 1", "1 ", "1e", "e5", "-", ".", "1.2.3", "--1", "0x10", "1e+",
        ])
    func noNumbers(text: String) {
        #expect(fault { try number(text) } == "The parameter cannot be converted to a numeric value: \(text)")
    }

    @Test("that are empty texts are refused without a value in the message")
    func emptyText() {
        #expect(fault { try number("") } == "The parameter cannot be converted to a numeric value")
    }

    @Test(
        "outside the range or too precise are refused",
        arguments: [
            ("1e126", "Number overflow. Attempting to store a number with magnitude larger than supported range"),
            ("-11e125", "Number overflow. Attempting to store a number with magnitude larger than supported range"),
            (
                "1.0e100000000000000000000",
                "Number overflow. Attempting to store a number with magnitude larger than supported range"
            ),
            ("1e-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
            ("0.9e-130", "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
            (
                "3.14159265358979323846264338327950288419",
                "Attempting to store more than 38 significant digits in a Number"
            ),
            (
                "314159265358979323846264338327950288419e30",
                "Attempting to store more than 38 significant digits in a Number"
            ),
        ])
    func limits(text: String, message: String) {
        #expect(fault { try number(text) } == message)
    }

    @Test(
        "add and subtract exactly",
        arguments: [
            ("1", "10000000000000000000000", "10000000000000000000001"), ("0.1", "0.2", "0.3"), ("5", "-5", "0"),
            ("-3", "1", "-2"), ("9e125", "9e124", "99" + String(repeating: "0", count: 124)),
            ("1e38", "-1", "99999999999999999999999999999999999999"), ("1.5", "0", "1.5"), ("0", "-7", "-7"),
            ("99999999999999999999999999999999999999", "1", "1" + String(repeating: "0", count: 38)),
        ])
    func addition(left: String, right: String, sum: String) throws {
        #expect(try number(left).plus(number(right)).text == sum)
        #expect(try number(right).plus(number(left)).text == sum)
        #expect(try number(left).minus(-number(right)).text == sum)
    }

    @Test(
        "whose sum is out of range or too precise overflow",
        arguments: [("9e125", "9e125"), ("1e50", "1"), ("1e125", "1e-130"), ("5e38", "-1"), ("2e38", "0.1")])
    func overflow(left: String, right: String) {
        #expect(fault { try number(left).plus(number(right)) }.hasPrefix("Number overflow."))
    }

    static let ascending = [
        "-9.99e125", "-1e125", "-1000", "-12.35", "-12.34", "-12.3", "-12", "-1.5", "-1", "-0.99", "-1e-130", "0",
        "1e-130", "0.099", "0.1", "0.11", "1", "1.0000000000000000000000000000000000001", "1.1", "9", "10", "11", "99",
        "100", "12345678901234567890123456789012345678", "1e125", "9.99e125",
    ]

    @Test("and their key bytes are in one order")
    func order() throws {
        let numbers = try Self.ascending.map(number)
        for (index, left) in numbers.enumerated() {
            for (other, right) in numbers.enumerated() {
                #expect((left < right) == (index < other))
                #expect((left == right) == (index == other))
                #expect(ByteOrder.isOrdered(left.keyBytes, right.keyBytes) == (index < other))
            }
        }
    }

    @Test("come back from their key bytes, and their order holds, for random ones")
    func randomNumbers() throws {
        var generator = SeededGenerator(seed: 7)
        var previous = DynamoDBNumber.zero
        for _ in 0..<5000 {
            let digits = (0..<Int.random(in: 1...38, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }
            let exponent = Int.random(in: -130...(125 - digits.count), using: &generator)
            let sign = Bool.random(using: &generator) ? "-" : ""
            let text = sign + digits.joined() + "e\(exponent)"
            guard let parsed = try? number(text) else { continue }
            let bytes = parsed.keyBytes
            var length = 0
            let back = (bytes + [7]).withUnsafeBufferPointer { DynamoDBNumber(keyBytes: $0, length: &length) }
            #expect(back == parsed)
            #expect(length == bytes.count)
            #expect(try number(parsed.text) == parsed)
            let written = try bytes.withUnsafeBufferPointer {
                try NumberText.withText(ofKeyBytes: $0) { String(decoding: $0, as: UTF8.self) }
            }
            #expect(written == parsed.text)
            #expect((previous < parsed) == ByteOrder.isOrdered(previous.keyBytes, bytes))
            previous = parsed
        }
    }

    @Test("know their whole part")
    func wholeNumbers() throws {
        #expect(try number("1700000000").wholePart == 1_700_000_000)
        #expect(try number("-5e3").wholePart == -5000)
        #expect(try number("1700000000.999").wholePart == 1_700_000_000)
        #expect(try number("1.5e1").wholePart == 15)
        #expect(try number("0.99999999999999999999999999999999999999").wholePart == 0)
        #expect(try number("1e-130").wholePart == 0)
        #expect(try number("1e30").wholePart == nil)
    }
}
