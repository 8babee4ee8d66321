import ServiceKit
import Synchronization
import TestSupport

@testable import SNS
@testable import SQS

/// SNS and SQS in one executable, reaching each other over the bus; HTTP endpoints answer what a test says.
enum Topics {
    static func with(
        folder: String? = nil, http: RecordingPoster = RecordingPoster(), working: Bool = true,
        _ body: (TestHost) async throws -> Void
    ) async throws {
        let compose: (ServiceHost) throws -> [AWSService] = { host in
            try [SQS.service(on: host)] + SNS.services(on: host, http: http)
        }
        try await TestHost.with("messages", folder: folder, compose) { host in
            try host.serve()
            if working { host.host.startWorkers() }
            try await body(host)
        }
    }
}

/// Keeps what is posted, and answers the statuses it was given, then 200.
final class RecordingPoster: HTTPPoster {
    struct Post: Sendable {
        let url: String
        let body: String
        let fields: [String: String]
    }
    private let state: Mutex<(posts: [Post], statuses: [Int])>

    init(statuses: [Int] = []) { state = Mutex(([], statuses)) }

    var posts: [Post] { state.withLock { $0.posts } }

    func post(_ body: [UInt8], to url: String, fields: [(name: String, value: String)]) async throws -> Int {
        state.withLock { state in
            state.posts.append(
                Post(
                    url: url, body: String(decoding: body, as: UTF8.self),
                    fields: Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })))
            return state.statuses.isEmpty ? 200 : state.statuses.removeFirst()
        }
    }
}

extension TestHost {
    @discardableResult
    func createTopic(_ name: String, _ attributes: [String: String] = [:]) async throws -> String {
        try text(
            await call(
                "sns", "CreateTopic",
                text { json in
                    json.member("Name", name)
                    json.member("Attributes", attributes)
                }), "TopicArn")
    }

    @discardableResult
    func subscribe(
        _ endpoint: String, _ transport: String, to topic: String, _ attributes: [String: String] = [:]
    ) async throws -> String {
        try text(
            await call(
                "sns", "Subscribe",
                text { json in
                    json.member("TopicArn", topic)
                    json.member("Protocol", transport)
                    json.member("Endpoint", endpoint)
                    json.member("Attributes", attributes)
                    json.member("ReturnSubscriptionArn", true)
                }), "SubscriptionArn")
    }

    @discardableResult
    func publish(
        _ message: String, to topic: String, subject: String? = nil, group: String? = nil, id: String? = nil,
        attributes: String? = nil
    ) async throws -> JSONValue {
        try await call(
            "sns", "Publish",
            text { json in
                json.member("TopicArn", topic)
                json.member("Message", message)
                json.member("Subject", subject)
                json.member("MessageGroupId", group)
                json.member("MessageDeduplicationId", id)
                if let attributes { json.member("MessageAttributes") { $0.raw(attributes.utf8) } }
            })
    }

    /// Waits until the queue has that many messages, and takes them.
    func arrivals(_ queue: String, _ count: Int) async throws -> [Received] {
        var all: [Received] = []
        try await until {
            all += try await receive(queue)
            return all.count >= count
        }
        return all
    }

    func snsRefusal(_ operation: String, _ input: String) async throws -> String? {
        try await error(of: "sns", operation, input).map { "\($0.code): \($0.message)" }
    }
}

/// The ARN of a queue in the tests' account.
func queueARN(_ name: String) -> String { "arn:aws:sqs:us-east-1:000000000000:\(name)" }
