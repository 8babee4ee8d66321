import ServiceKit
import Testing

@testable import CloudWatchLogs

@Suite("Filter patterns")
struct FilterPatternTests {
    @Test(
        "Terms are words: all, any of the optional ones, none of the excluded",
        arguments: [
            ("", "anything", true),
            ("ERROR", "[ERROR] it broke", true),
            ("ERROR", "error", false),
            ("ERROR", "ERRORS", false),
            ("ERROR broke", "it broke with ERROR", true),
            ("ERROR missing", "it broke with ERROR", false),
            (#""it broke""#, "now it broke", true),
            (#""it broke""#, "it has broke", false),
            (#""say \"hi\"""#, #"they say "hi""#, true),
            ("?ERROR ?WARN", "WARN: low", true),
            ("?ERROR ?WARN", "INFO: fine", false),
            ("ERROR -timeout", "ERROR timeout", false),
            ("ERROR -timeout", "ERROR disk", true),
            ("-timeout", "disk", true),
            ("request-17", "id=request-17;", true),
        ])
    func terms(pattern: String, message: String, expected: Bool) throws {
        #expect(try FilterPattern(pattern).matches(message) == expected)
    }

    @Test(
        "Conditions look into JSON messages",
        arguments: [
            (#"{ $.level = "ERROR" }"#, true),
            (#"{ $.level = "ERR*" }"#, true),
            (#"{$.level="WARN"}"#, false),
            (#"{ $.level = ERROR }"#, true),
            (#"{ $.level != "INFO" }"#, true),
            (#"{ $.absent != "INFO" }"#, false),
            (#"{ $.code = 500 }"#, true),
            (#"{ $.code = 5* }"#, true),
            (#"{ $.code >= 500 && $.code < 600 }"#, true),
            (#"{ $.code > 500 || $.level = "ERROR" }"#, true),
            (#"{ ($.code > 500 || $.code < 100) && $.level = "ERROR" }"#, false),
            (#"{ $.user.name = "Ann" }"#, true),
            (#"{ $.tags[1] = "b" }"#, true),
            (#"{ $.tags[0] = "b" }"#, false),
            (#"{ $.items[*].id = 2 }"#, true),
            (#"{ $.user["last name"] = "Lee" }"#, true),
            (#"{ $.gone IS NULL }"#, true),
            (#"{ $.code IS NULL }"#, false),
            (#"{ $.ok IS FALSE }"#, true),
            (#"{ $.absent NOT EXISTS }"#, true),
            (#"{ $.code NOT EXISTS }"#, false),
            (#"{ $.code EXISTS }"#, true),
        ])
    func json(pattern: String, expected: Bool) throws {
        let message = """
            {"level":"ERROR","code":500,"user":{"name":"Ann","last name":"Lee"},"tags":["a","b"],\
            "items":[{"id":1},{"id":2}],"gone":null,"ok":false}
            """
        #expect(try FilterPattern(pattern).matches(message) == expected)
        #expect(try !FilterPattern(pattern).matches("no JSON"))
    }

    @Test(
        "Fields stand apart by spaces, quotation marks and brackets hold one together",
        arguments: [
            ("[ip, user, time, request, status, bytes]", true),
            ("[ip, user, time, request, status]", false),
            ("[ip, user, time, request, status = 4*, bytes]", true),
            ("[ip, user, time, request, status = 404 || status = 410, bytes]", true),
            ("[ip, user, time, request, status >= 400 && status < 404, bytes]", false),
            ("[ip, user, time, request = \"GET*\", status, bytes > 1000]", true),
            ("[..., status = 404, bytes]", true),
            ("[ip = 127.0.0.*, ...]", true),
            ("[ip != 127.0.0.*, ...]", false),
        ])
    func fields(pattern: String, expected: Bool) throws {
        let message = #"127.0.0.1 frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#
        #expect(try FilterPattern(pattern).matches(message) == expected)
    }

    @Test("What a pattern names is told of a match")
    func values() throws {
        let fields = try FilterPattern("[ip, ..., status, bytes]")
        #expect(
            fields.extractedValues(of: "1.2.3.4 a b 200 17") == ["$ip": "1.2.3.4", "$status": "200", "$bytes": "17"])
        let json = try FilterPattern("{ $.user.id = 7 }")
        #expect(json.extractedValues(of: #"{"user":{"id":7}}"#) == ["$.user.id": "7"])
    }

    @Test(
        "Patterns that cannot be read are refused, regular expressions too",
        arguments: [
            "{ $.a = 1", "{ $.a }", "{ a = 1 }", "{ $.a > x }", "{ $.a IS MAYBE }", "[a, b", "[..., a, ...]", "\"open",
            "%regex%", "{ $.a = %x% }", "{ \(String(repeating: "(", count: 100))",
        ])
    func refusals(pattern: String) {
        #expect { try FilterPattern(pattern) } throws: { error in
            (error as? ServiceError)?.code == "InvalidParameterException"
        }
    }
}
