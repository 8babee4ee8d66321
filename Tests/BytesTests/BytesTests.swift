import Bytes
import Testing
import Time

@Suite("Numbers and dates as text")
struct BytesTests {
    @Test("Digits are filled up with zeros at the front, and never cut")
    func digits() {
        #expect(7.digits(3) == "007")
        #expect(Int64(1234).digits(3) == "1234")
        #expect(0.digits(0) == "0")
        #expect(255.digits(4, radix: 16) == "00ff")
        #expect(255.digits(2, radix: 16, uppercase: true) == "FF")
    }

    @Test("Dates of log files are those of the Common Log Format")
    func commonLogDate() throws {
        let time = try #require(Timestamp(iso8601: "2019-02-06T00:00:38Z"))
        #expect(time.commonLogDate == "06/Feb/2019:00:00:38 +0000")
    }
}
