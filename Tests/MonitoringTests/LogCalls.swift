import ServiceKit
import TestSupport

@testable import CloudWatchLogs

enum Logs {
    /// The service with a group `app` and its stream `one`.
    static func with(_ body: (TestHost) async throws -> Void) async throws {
        try await TestHost.with("monitoring", { [try CloudWatchLogs.service(on: $0)] }) { host in
            try await host.logs("CreateLogGroup", #"{"logGroupName":"app"}"#)
            try await host.logs("CreateLogStream", #"{"logGroupName":"app","logStreamName":"one"}"#)
            try await body(host)
        }
    }
}

extension TestHost {
    @discardableResult
    func logs(_ operation: String, _ input: String) async throws -> JSONValue {
        try await call("logs", operation, input)
    }

    func logsRefusal(_ operation: String, _ input: String) async throws -> String? {
        try await error(of: "logs", operation, input).map { "\($0.code): \($0.message)" }
    }

    /// Puts messages one second apart, the first at the given second of the clock's time.
    @discardableResult
    func put(_ messages: [String], to stream: String = "one", from second: Int64 = 0) async throws -> JSONValue {
        var json = JSONWriter()
        json.object { json in
            json.member("logGroupName", "app")
            json.member("logStreamName", stream)
            json.member("logEvents") { json in
                json.array { json in
                    for (index, message) in messages.enumerated() {
                        json.object { json in
                            json.member("timestamp", clock.now.milliseconds + (second + Int64(index)) * 1000)
                            json.member("message", message)
                        }
                    }
                }
            }
        }
        return try await logs("PutLogEvents", String(decoding: json.bytes, as: UTF8.self))
    }
}

extension JSONValue {
    /// The messages of an answer's events.
    var messages: [String] { self["events"]?.elements.compactMap { $0["message"]?.string } ?? [] }
}
