import Sandbox
import ServiceKit
import Synchronization

/// What one instance writes, in the order it happened: on its way to CloudWatch Logs, its end kept for the caller.
final class Journal: Sendable {
    /// What `LogType=Tail` returns.
    private static let tailLength = 4096

    private struct State {
        var tail: [UInt8]?
        var isInvoking = false
    }

    private let stream: LogStream
    private let shipper: LogShipper
    private let state = Mutex(State())

    init(_ stream: LogStream, _ shipper: LogShipper) {
        self.stream = stream
        self.shipper = shipper
    }

    /// From here on the tail is this invocation's.
    func begin(_ requestID: String, version: String, wantsTail: Bool) {
        state.withLock { $0.tail = wantsTail ? [] : nil }
        write("START RequestId: \(requestID) Version: \(version)\n")
    }

    /// The log's end since `begin`, where it was wanted.
    func takeTail() -> [UInt8]? {
        state.withLock { state in
            defer { state.tail = nil }
            return state.tail
        }
    }

    func write(_ line: String) { append([OutputRecord(time: nil, message: Array(line.utf8))]) }

    func append(_ records: [OutputRecord]) {
        state.withLock { state in
            guard state.tail != nil else { return }
            for record in records { state.tail?.append(contentsOf: record.message) }
            if let length = state.tail?.count, length > Self.tailLength {
                state.tail?.removeFirst(length - Self.tailLength)
            }
        }
        let now = Timestamp.now()
        shipper.add(records.map { LogEvent(time: $0.time ?? now, message: $0.message) }, to: stream)
    }
}

/// Where an instance's log goes.
struct LogStream: Hashable, Sendable {
    let account: String
    let region: String
    let group: String
    let stream: String
    /// Whose permissions decide whether the log is written.
    let role: String

    /// `2026/11/21/[$LATEST]9a0d…`, as Lambda names them.
    init(for function: FunctionVersion, at now: Timestamp) {
        account = function.key.account
        region = function.key.region
        role = function.role
        group = function.logging?.group ?? "/aws/lambda/\(function.key.name)"
        let date = now.iso8601().prefix(10).replacing("-", with: "/")
        stream = "\(date)/[\(function.version)]\(Hex.string(SecureRandom.bytes(16)))"
    }
}

struct LogEvent: Sendable {
    let time: Timestamp
    let message: [UInt8]
}
