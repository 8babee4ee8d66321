import TestSupport
import Testing

@testable import AWSModel

@Suite struct PatternTests {
    @Test(
        "A pattern matches what it says",
        arguments: [
            ("[a-zA-Z0-9_.-]+", "my.table-1", true), ("[a-zA-Z0-9_.-]+", "my table", false),
            ("[a-z]{2,3}", "abcd", false),
            ("[a-z]{2,3}", "abc", true), ("^(range|count|sum)", "counter", true), ("(?!aws:).*", "aws:x", false),
            ("(?!aws:).*", "bws:x", true), (#"[0-9A-Za-z\.\-_]*(?<!\.)"#, "a.b", true),
            (#"[0-9A-Za-z\.\-_]*(?<!\.)"#, "a.", false),
            (#"^arn:aws:iam::\d{12}:role/.+$"#, "arn:aws:iam::123456789012:role/r", true),
            (#"^arn:aws:iam::\d{12}:role/.+$"#, "arn:aws:iam::12345678901:role/r", false),
            (#"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"#, "Größe 5", true), (#"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"#, "a;b", false),
            ("(?i)all|[0-9]{12}", "ALL", true), ("(ab?)*c", "abaabc", true), ("(a*)*", "aaa", true),
            ("a.c", "a\nc", false),
            ("(?s)a.c", "a\nc", true), (#"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*"#, "😀 ok", true),
            ("^$|[a-z]+", "", true), ("^$|[a-z]+", "abc1", false), (#"\S+"#, "a b", false), (#"[^\s]+"#, "ab", true),
            ("((?!-)[A-Za-z0-9-]{1,63}(?<!-)\\.)+[A-Za-z]{2,6}", "www.example.com", true),
            ("((?!-)[A-Za-z0-9-]{1,63}(?<!-)\\.)+[A-Za-z]{2,6}", "www-.example.com", false),
        ])
    func matches(pattern: String, text: String, expected: Bool) throws {
        #expect(try #require(Pattern(pattern)).matches(text) == expected)
    }

    @Test("A hostile text takes bounded time", arguments: ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*a){12}b"])
    func hostileText(pattern: String) throws {
        let text = String(repeating: "a", count: 2000)
        let pattern = try #require(Pattern(pattern))
        #expect(threadTime { _ = pattern.matches(text) } < .seconds(5))
    }

    @Test("Only patterns with back-references are left unchecked")
    func everyModelPatternCompiles() throws {
        let library = try ModelLibrary.installed()
        for service in library.index.keys.sorted() {
            for shape in try library.model(service).shapes where !shape.constraint.checksPattern {
                let text = try #require(shape.constraint.patternText)
                #expect(text.contains(#"\3"#) || text.contains(#"\1"#), "\(service) \(shape.name)")
            }
        }
    }
}
