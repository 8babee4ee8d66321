import ServiceKit
import TestSupport
import Testing

@testable import S3

/// A document as the JSON of a request has it in a string.
func quoted(_ text: String) -> String {
    var json = JSONWriter()
    json.string(text)
    return String(decoding: json.bytes, as: UTF8.self)
}

/// S3 on a folder of its own, called as the bus calls it.
struct S3Fixture {
    let host: TestHost
    let folder: String

    static func with<Result>(
        authorizer: any Authorizer = AllowAll(), _ body: (S3Fixture) async throws -> Result
    ) async throws -> Result {
        try await TemporaryFolder.with { folder in
            try await with(folder, authorizer: authorizer, body)
        }
    }

    /// Opens the same folder once more: what a restart does.
    static func with<Result>(
        _ folder: String, authorizer: any Authorizer = AllowAll(), _ body: (S3Fixture) async throws -> Result
    ) async throws -> Result {
        try await TestHost.with("objects", folder: folder, authorizer: authorizer, { try await S3.services(on: $0) }) {
            try await body(S3Fixture(host: $0, folder: folder))
        }
    }

    @discardableResult
    func call(_ operation: String, _ input: String, body: [UInt8]? = nil) async throws -> JSONValue {
        try await host.call("s3", operation, input, body: body.map { chunked($0) })
    }

    func error(_ operation: String, _ input: String, body: [UInt8]? = nil) async throws -> ServiceError? {
        do {
            try await call(operation, input, body: body)
            return nil
        } catch let error as ServiceError {
            return error
        }
    }

    @discardableResult
    func createBucket(_ name: String = "pictures") async throws -> JSONValue {
        try await call("CreateBucket", #"{"Bucket":"\#(name)"}"#)
    }

    @discardableResult
    func put(_ key: String, _ bytes: [UInt8], bucket: String = "pictures", _ more: String = "") async throws
        -> JSONValue
    {
        try await call(
            "PutObject", #"{"Bucket":"\#(bucket)","Key":"\#(key)","ContentLength":\#(bytes.count)\#(more)}"#,
            body: bytes)
    }

    @discardableResult
    func get(
        _ key: String, bucket: String = "pictures", _ more: String = ""
    ) async throws -> (head: JSONValue, bytes: [UInt8]) {
        let (head, stream) = try await host.reply(
            "s3", "GetObject", #"{"Bucket":"\#(bucket)","Key":"\#(key)"\#(more)}"#)
        return (head, try await stream?.collect(upTo: 1 << 30) ?? [])
    }

    func keys(_ more: String = "") async throws -> [String] {
        let page = try await call("ListObjectsV2", #"{"Bucket":"pictures"\#(more)}"#)
        return page["Contents"]?.elements.compactMap { $0["Key"]?.string } ?? []
    }

    /// The bytes in pieces, as they come from the network.
    private func chunked(_ bytes: [UInt8]) -> ByteStream {
        .arriving(bytes, size: 60_000, isLengthKnown: true)
    }
}

/// Bytes that repeat nowhere within a file, so that a piece in the wrong place shows.
func testBytes(_ count: Int, seed: UInt64 = 0) -> [UInt8] {
    var state = 0x9E37_79B9_7F4A_7C15 ^ seed
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 32)
    }
}

extension JSONValue {
    subscript(path: String...) -> JSONValue? {
        path.reduce(self as JSONValue?) { $0?[$1] }
    }
}
