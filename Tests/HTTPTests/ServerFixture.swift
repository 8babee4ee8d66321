import Bytes
import HTTPTypes

@testable import HTTP

/// A server on an ephemeral port for as long as a test runs.
func withServer<Result>(
    _ configure: (inout HTTPServer.Configuration) -> Void = { _ in },
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse,
    _ test: (HTTPServer) async throws -> Result
) async throws -> Result {
    var configuration = HTTPServer.Configuration()
    configure(&configuration)
    let server = HTTPServer(configuration: configuration, handler: handler)
    try await server.start()
    do {
        let result = try await test(server)
        await server.shutDown(within: .zero)
        return result
    } catch {
        await server.shutDown(within: .zero)
        throw error
    }
}

/// Answers with what it was asked: method, target and body.
@Sendable func echo(_ request: HTTPRequest) async -> HTTPResponse {
    do {
        let body = try await request.body.collect(upTo: 1 << 20)
        return HTTPResponse(
            status: 200, text: "\(request.head.method) \(request.head.target) \(String(decoding: body, as: UTF8.self))")
    } catch {
        return HTTPResponse(status: 400, text: "\(error)")
    }
}

extension ByteStream {
    func text() async throws -> String { String(decoding: try await collect(upTo: 1 << 24), as: UTF8.self) }
}
