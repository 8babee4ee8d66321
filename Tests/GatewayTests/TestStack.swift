import AWSSignature
import HTTP
import HTTPTypes
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import Gateway

/// One after the other: every stack is five hosts with threads of their own, and all at once starve each other.
@Suite(.serialized) enum GatewayTests {}

/// A gateway's pipeline before small owners that say what reached them, on a real bus.
struct TestStack: Sendable {
    let pipeline: Pipeline
    let auth: TestAuth
    let host: ServiceHost

    static let key = Signer.Credentials(accessKeyID: "AKIDTEST", secret: "secret")

    static func with(
        _ environment: [String: String] = [:], run body: (TestStack) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let settings = environment.merging(["APUS_DATA": folder, "APUS_LOG": "error", "APUS_PORT": "0"]) { own, _ in
                own
            }
            let configuration = try Config(environment: settings)
            let auth = TestAuth()
            let owners: [(String, [AWSService])] = [
                ("auth", [.internal("apus.auth", operations: [ResolveCredential(auth: auth), GetJWKS()])]),
                ("tables", [AWSService("dynamodb", errors: .json, operations: [GetItem()])]),
                (
                    "objects",
                    [
                        AWSService("s3", errors: .query, operations: [PutObject(), GetObject()]),
                        .internal("apus.objects", operations: [GetWebsitePage(), MatchCORS()]),
                    ]
                ),
                ("email", [AWSService("inbox", actionPrefix: "apus", errors: .restJSON, operations: [ReadInbox()])]),
                ("apis", [.internal("apus.apis", operations: [GetStageSnapshot()])]),
            ]
            var hosts: [ServiceHost] = []
            for (name, services) in owners {
                let host = try ServiceHost(name, configuration: configuration)
                let server = try host.start(services)
                host.atClose { await server.drain(within: .zero) }
                hosts.append(host)
            }
            let host = try ServiceHost("gateway", configuration: configuration)
            hosts.append(host)
            let pipeline = try Pipeline(host: host, settings: GatewaySettings(configuration))
            do {
                try await body(TestStack(pipeline: pipeline, auth: auth, host: host))
            } catch {
                for host in hosts.reversed() { await host.close() }
                throw error
            }
            for host in hosts.reversed() { await host.close() }
        }
    }

    func send(_ head: RequestHead, _ body: [UInt8] = []) async throws -> TestAnswer {
        var head = head
        if !head.fields.contains("Host") { head.fields.append("Host", "localhost:4566") }
        let response = await pipeline.answer(HTTPRequest(head: head, body: ByteStream(body)))
        return try await TestAnswer(response)
    }

    func send(
        _ head: RequestHead, _ body: [UInt8] = [], as credentials: Signer.Credentials, for service: String,
        at date: Timestamp = .now()
    ) async throws -> TestAnswer {
        var head = head
        if !head.fields.contains("Host") { head.fields.append("Host", "localhost:4566") }
        let signer = Signer(credentials, region: "eu-west-1", service: service)
        return try await send(signer.sign(head, body: body, at: date), body)
    }

    static func getItem(_ fields: HTTPFields = [:]) -> RequestHead {
        var head = RequestHead(method: "POST", target: "/", fields: fields)
        head.fields.append("X-Amz-Target", "DynamoDB_20120810.GetItem")
        head.fields.append("Content-Type", "application/x-amz-json-1.0")
        return head
    }
    static let getItemBody = Array(#"{"TableName":"music","Key":{"id":{"S":"1"}}}"#.utf8)
}

struct TestAnswer {
    let status: Int
    let fields: HTTPFields
    let text: String

    init(_ response: HTTPResponse) async throws {
        status = response.head.status
        fields = response.head.fields
        switch response.body {
        case .bytes(let bytes): text = String(decoding: bytes, as: UTF8.self)
        case .stream(let stream): text = String(decoding: try await stream.collect(upTo: 1 << 20), as: UTF8.self)
        case .empty, .webSocket: text = ""
        }
    }
}

/// The keys that `auth` knows, and how often it was asked.
final class TestAuth: Sendable {
    private struct State {
        var secrets = ["AKIDTEST": "secret"]
        var questions = 0
    }
    private let state = Mutex(State())

    var questions: Int { state.withLock { $0.questions } }
    func remove(_ key: String) { state.withLock { $0.secrets[key] = nil } }

    func secret(of key: String) -> String? {
        state.withLock { state in
            state.questions += 1
            return state.secrets[key]
        }
    }
}

struct ResolveCredential: AWSOperation {
    let auth: TestAuth

    func permissions(for input: CredentialQuery, in call: Call) -> [Permission] { [] }
    func perform(_ input: CredentialQuery, in call: Call) throws -> ResolvedCredential {
        guard let secret = auth.secret(of: input.accessKeyID) else { throw CredentialRefusal.unknownKey }
        if input.sessionToken != nil { throw CredentialRefusal.expiredToken }
        let key = SigningKey.derive(secret: secret, date: input.date, region: input.region, service: input.service)
        let caller = Caller.root(of: "111122223333", accessKeyID: input.accessKeyID)
        return ResolvedCredential(signingKey: key.bytes, caller: caller, expires: nil)
    }
}

struct GetJWKS: AWSOperation {
    struct Output: OutputShape {
        func write(to json: inout JSONWriter) { json.member("Document") { $0.raw(#"{"keys":[]}"#.utf8) } }
    }
    func permissions(for input: NoInput, in call: Call) -> [Permission] { [] }
    func perform(_ input: NoInput, in call: Call) -> Output { Output() }
}

/// Answers what was asked for, by whom.
struct ReadInbox: AWSOperation {
    struct Input: InputShape {
        let source: String?
        init(_ member: Members) throws { source = try member("Source") }
    }
    struct Output: OutputShape {
        let asked: String
        func write(to json: inout JSONWriter) { json.member("messages", [asked]) }
    }
    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }
    func perform(_ input: Input, in call: Call) -> Output { Output(asked: "\(call.account) \(input.source ?? "-")") }
}

/// Answers who asked, from where.
struct GetItem: AWSOperation {
    struct Output: OutputShape {
        let call: Call
        func write(to json: inout JSONWriter) {
            json.member("Item") { json in
                json.object { json in
                    json.member("caller", call.principal)
                    json.member("account", call.account)
                    json.member("region", call.region)
                    json.member("endpoint", call.source.endpoint)
                }
            }
        }
    }
    func permissions(for input: NoInput, in call: Call) -> [Permission] { [] }
    func perform(_ input: NoInput, in call: Call) -> Output { Output(call: call) }
}

/// Answers what it read as the tag of the object.
struct PutObject: AWSOperation {
    struct Input: InputShape {
        let key: String
        let length: Int?
        let encoding: String?
        init(_ member: Members) throws {
            key = try member("Key")
            length = try member("ContentLength")
            encoding = try member("ContentEncoding")
        }
    }
    struct Output: OutputShape {
        let tag: String
        func write(to json: inout JSONWriter) { json.member("ETag", tag) }
    }
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }
    func perform(_ input: Input, in call: Call) async throws -> Output {
        let body = try await call.body?.collect(upTo: 1 << 20) ?? []
        let text = String(decoding: body, as: UTF8.self)
        return Output(tag: "\(input.key)|\(text)|\(input.length ?? -1)|\(input.encoding ?? "")")
    }
}

struct GetObject: AWSOperation {
    struct Input: InputShape {
        let key: String
        init(_ member: Members) throws { key = try member("Key") }
    }
    struct Output: StreamingOutput {
        let body: ByteStream?
        func write(to json: inout JSONWriter) {
            json.member("ContentLength", 5)
            json.member("ContentType", "text/plain")
        }
    }
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }
    func perform(_ input: Input, in call: Call) throws -> Output {
        guard input.key == "k" else {
            throw ServiceError("NoSuchKey", "The specified key does not exist.", status: 404)
        }
        return Output(body: ByteStream(Array("hello".utf8)))
    }
}

/// Knows one stage, whose only method answers what it was asked.
struct GetStageSnapshot: AWSOperation {
    struct Input: InputShape {
        let api: String
        init(_ member: Members) throws { api = try member("ApiId") }
    }
    struct Output: OutputShape {
        func write(to json: inout JSONWriter) {}
    }
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }
    func perform(_ input: Input, in call: Call) throws -> Output {
        throw ServiceError("NotFoundException", "There is no stage of \(input.api).", status: 404)
    }
}

struct MatchCORS: AWSOperation {
    struct Input: InputShape {
        let bucket: String
        let origin: String
        init(_ member: Members) throws {
            bucket = try member("Bucket")
            origin = try member("Origin")
        }
    }
    struct Output: OutputShape {
        let origin: String
        func write(to json: inout JSONWriter) {
            guard origin == "https://app.example" else { return }
            json.member("AllowOrigin", origin)
            json.member("AllowMethods", ["GET"])
            json.member("MaxAgeSeconds", 60)
        }
    }
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }
    func perform(_ input: Input, in call: Call) throws -> Output {
        guard input.bucket == "b" else { throw ServiceError("NoSuchBucket", "", status: 404) }
        return Output(origin: input.origin)
    }
}

struct GetWebsitePage: AWSOperation {
    func permissions(for input: PlaneRequest, in call: Call) -> [Permission] { [] }
    func perform(_ input: PlaneRequest, in call: Call) -> PlaneResponse {
        PlaneResponse(status: 200, bytes: Array("\(input.parameters["Bucket"] ?? "") \(input.path)".utf8))
    }
}
