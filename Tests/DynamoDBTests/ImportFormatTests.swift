import Compression
import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Formats of imports")
struct ImportFormatTests {
    /// The items an object holds, as JSON, and behind them why it could not be read to its end.
    private static func items(
        _ bytes: [UInt8], format: String = "DYNAMODB_JSON", options: String = "{}", compression: String = "NONE",
        pieces: Int = 4096
    ) async throws -> [String] {
        let request = try ImportRequest(
            json: JSONDocument(
                Array(
                    """
                    {"S3BucketSource":{"S3Bucket":"bucket"},"InputFormat":"\(format)",\
                    "InputFormatOptions":{"Csv":\(options)},"InputCompressionType":"\(compression)",\
                    "TableCreationParameters":{"TableName":"copy","AttributeDefinitions":[],"KeySchema":[]}}
                    """.utf8)
            ).root)
        let table = try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N")
            return try #require(db.tables.catalog.all.first)
        }
        var found: [String] = []
        do {
            let source = try ObjectBytes(.arriving(bytes, size: pieces), request.compression)
            var items = try await ImportedItems(source, request, into: table)
            while let item = try await items.next() {
                var json = JSONWriter()
                json.value(item)
                found.append(String(decoding: json.bytes, as: UTF8.self))
            }
        } catch let fault as MalformedSource {
            found.append(fault.reason)
        }
        return found
    }

    private static func csv(_ text: String, _ options: String = "{}", pieces: Int = 4096) async throws -> [String] {
        try await items(Array(text.utf8), format: "CSV", options: options, pieces: pieces)
    }

    @Test("Records of JSON may follow one another on a line or span several, however their bytes are cut")
    func json() async throws {
        let text = Array(
            """
            {"Item":{"p":{"S":"a } \\" { "}}}{"Item":{"p":{"S":"b"}},"Metadata":[{}]}

            {"Item":
              {"p":{"S":"c"},
               "l":{"L":[{"N":"1"}]}}}
            """.utf8)
        let expected = [#"{"p":{"S":"a } \" { "}}"#, #"{"p":{"S":"b"}}"#, #"{"l":{"L":[{"N":"1"}]},"p":{"S":"c"}}"#]
        for pieces in [1, 2, 7, 4096] { #expect(try await Self.items(text, pieces: pieces) == expected) }
    }

    @Test(
        "What is no DynamoDB JSON is said to be none",
        arguments: ["[1]", #""text""#, "{} ", "}", #"{"Item":{"p":{"S":1}}}"#, #"{"Item":{"p":{"#, #"{"Item":[}]}"#])
    func malformedJSON(_ text: String) async throws {
        let found = try await Self.items(Array((#"{"Item":{"p":{"S":"a"}}}"# + "\n" + text).utf8))
        #expect(found.count == 2 && found.first == #"{"p":{"S":"a"}}"# && found.last?.hasPrefix("{") == false)
    }

    @Test("Lines of CSV have the types of the keys; other fields are strings, and empty ones absent")
    func csv() async throws {
        let text = "p,c,v\r\na,1,2\n\n\"b, \"\"c\"\"\",2,\"two\nlines\"\r\nd,3,"
        let expected = [
            #"{"c":{"N":"1"},"p":{"S":"a"},"v":{"S":"2"}}"#,
            #"{"c":{"N":"2"},"p":{"S":"b, \"c\""},"v":{"S":"two\nlines"}}"#, #"{"c":{"N":"3"},"p":{"S":"d"}}"#,
        ]
        for pieces in [1, 3, 4096] {
            let found = try await Self.csv(text, pieces: pieces)
            #expect(found == expected)
        }
    }

    @Test("CSV may have another delimiter, and a header of the request's")
    func csvOptions() async throws {
        #expect(
            try await Self.csv("a;1\n", #"{"Delimiter":";","HeaderList":["p","c"]}"#)
                == [#"{"c":{"N":"1"},"p":{"S":"a"}}"#])
        #expect(try await Self.csv("", "{}") == [])
    }

    @Test(
        "What is no CSV of its header is said to be none",
        arguments: ["p,c\na,1,2\n", "p,c\na,one\n", "p,p\na,1\n", "p,c\na\"b,1\n", "p,c\n\"a\"b,1\n", "p,c\n\"a,1\n"])
    func malformedCSV(_ text: String) async throws {
        let found = try await Self.csv(text)
        #expect(found.count == 1 && found.first?.hasPrefix("{") == false)
    }

    @Test("Gzip that is cut off, damaged or none at all is said to be so")
    func damagedGzip() async throws {
        let item = #"{"Item":{"p":{"S":"a"}}}"#
        let packed = try Compressor.compress(Array(item.utf8))
        #expect(try await Self.items(packed, compression: "GZIP") == [#"{"p":{"S":"a"}}"#])
        let fault = "The object is not valid GZIP."
        #expect(try await Self.items(Array(packed.dropLast()), compression: "GZIP").last == fault)
        #expect(try await Self.items(packed + [0], compression: "GZIP").last == fault)
        #expect(try await Self.items(Array(item.utf8), compression: "GZIP") == [fault])
    }

    /// `{"Item":{"p":{"S":"a"}}}`, compressed by libzstd, with a checksum.
    private static let zstandard = Base64.decode("KLUv/SQYwQAAeyJJdGVtIjp7InAiOnsiUyI6ImEifX19x9KmZg==".utf8) ?? []

    @Test("Zstandard is expanded; what is cut off, damaged or none at all is said to be so")
    func zstandard() async throws {
        let packed = Self.zstandard
        #expect(try await Self.items(packed, compression: "ZSTD", pieces: 3) == [#"{"p":{"S":"a"}}"#])
        #expect(try await Self.items(packed + packed, compression: "ZSTD").count == 2)
        let fault = "The object is not valid ZSTD."
        #expect(try await Self.items(Array(packed.dropLast()), compression: "ZSTD").last == fault)
        #expect(try await Self.items(packed + [0], compression: "ZSTD").last == fault)
        #expect(try await Self.items(Array("{}".utf8), compression: "ZSTD") == [fault])
    }

    @Test(
        "A small object that expands to no record is given up before it fills the memory", arguments: ["JSON", "CSV"])
    func bomb(_ format: String) async throws {
        let packed = try Compressor.compress([UInt8](repeating: UInt8(ascii: "\n"), count: 40 << 20))
        #expect(packed.count < 100_000)
        let found = try await Self.items(
            packed, format: format == "CSV" ? format : "DYNAMODB_JSON", compression: "GZIP")
        #expect(found == ["A record is longer than \(RecordReader.recordSize) bytes."])
    }
}
