import Bytes
import HTTP
import HTTPTypes
import JSON

/// One request of a runtime or an extension, and its answer.
struct RuntimeRoute {
    private let request: HTTPRequest

    init(_ request: HTTPRequest) { self.request = request }

    private static let runtime = "/2018-06-01/runtime/"
    private static let extensions = "/2020-01-01/extension/"

    func answer(in session: RuntimeSession) async -> HTTPResponse {
        do throws(RuntimeError) {
            let path = request.head.path
            if path.hasPrefix(Self.runtime) {
                return try await answerRuntime(path.dropFirst(Self.runtime.count), session)
            }
            if path.hasPrefix(Self.extensions) {
                return try await answerExtension(path.dropFirst(Self.extensions.count), session.extensions)
            }
            throw RuntimeError.notFound
        } catch {
            return error.response
        }
    }

    private func answerRuntime(
        _ resource: Substring, _ session: RuntimeSession
    ) async throws(RuntimeError) -> HTTPResponse {
        let parts = resource.split(separator: "/")
        switch (request.head.method, parts.count) {
        case ("GET", 2) where resource == "invocation/next":
            guard let invocation = try await session.next() else { throw .invalidTransition }
            return Self.hand(out: invocation)
        case ("POST", 3) where parts[0] == "invocation" && parts[2] == "response":
            return try await takeResponse(String(parts[1]), session)
        case ("POST", 3) where parts[0] == "invocation" && parts[2] == "error":
            let requestID = String(parts[1])
            try session.expects(requestID)
            try session.finish(requestID, with: .failure(type: errorType, await body()))
            return Self.accepted
        case ("POST", 2) where resource == "init/error":
            try session.failInitialization(type: errorType, await body())
            return Self.accepted
        default: throw .notFound
        }
    }

    /// A response in one piece or streamed: the runtime may announce a failure behind the body, in its trailers.
    private func takeResponse(
        _ requestID: String, _ session: RuntimeSession
    ) async throws(RuntimeError) -> HTTPResponse {
        try session.expects(requestID)
        do {
            let response = try await body()
            let trailers = await request.trailers()
            if let type = trailers["Lambda-Runtime-Function-Error-Type"] {
                let error = trailers["Lambda-Runtime-Function-Error-Body"].flatMap { Base64.decode($0.utf8) }
                try session.finish(requestID, with: .failure(type: type, error ?? response))
            } else {
                try session.finish(requestID, with: .response(response))
            }
            return Self.accepted
        } catch  where error.status == RuntimeError.tooLarge.status {
            try session.finish(requestID, with: .responseTooLarge)
            throw error
        }
    }

    private func answerExtension(
        _ resource: Substring, _ registry: ExtensionRegistry
    ) async throws(RuntimeError) -> HTTPResponse {
        switch (request.head.method, resource) {
        case ("POST", "register"): return try await register(with: registry)
        case ("GET", "event/next"):
            guard let identifier = request.head.fields["Lambda-Extension-Identifier"] else { throw .unknownExtension }
            guard let event = try await registry.next(for: identifier) else { throw .invalidTransition }
            return Self.json(200, event)
        default: throw .notFound
        }
    }

    private func register(with registry: ExtensionRegistry) async throws(RuntimeError) -> HTTPResponse {
        guard let name = request.head.fields["Lambda-Extension-Name"], !name.isEmpty else { throw .invalidExtension }
        let document = try? JSONDocument(await body()).root
        let events: [String] = document.flatMap { try? Members($0)("events") } ?? []
        let identifier = try registry.register(events: events)
        var json = JSONWriter()
        json.object {
            $0.member("functionName", registry.function.name)
            $0.member("functionVersion", registry.function.version)
            $0.member("handler", registry.function.handler)
        }
        var response = Self.json(200, json.bytes)
        response.head.fields.append("Lambda-Extension-Identifier", identifier)
        return response
    }

    private var errorType: String { request.head.fields["Lambda-Runtime-Function-Error-Type"] ?? "Unhandled" }

    private func body() async throws(RuntimeError) -> [UInt8] {
        do {
            return try await request.body.collect(upTo: RuntimeSession.responseLimit)
        } catch ByteStreamError.tooLong {
            throw .tooLarge
        } catch {
            throw .truncated
        }
    }

    private static func hand(out invocation: Invocation) -> HTTPResponse {
        var fields: HTTPFields = [
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.requestID,
            "Lambda-Runtime-Deadline-Ms": "\(invocation.deadline.milliseconds)",
            "Lambda-Runtime-Invoked-Function-Arn": invocation.functionARN,
        ]
        if let trace = invocation.trace { fields.append("Lambda-Runtime-Trace-Id", trace) }
        if let context = invocation.clientContext { fields.append("Lambda-Runtime-Client-Context", context) }
        if let identity = invocation.cognitoIdentity { fields.append("Lambda-Runtime-Cognito-Identity", identity) }
        return HTTPResponse(status: 200, fields: fields, bytes: invocation.payload)
    }

    private static let accepted = json(202, Array(#"{"status":"OK"}"#.utf8))

    private static func json(_ status: Int, _ bytes: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: status, fields: ["Content-Type": "application/json"], bytes: bytes)
    }
}
