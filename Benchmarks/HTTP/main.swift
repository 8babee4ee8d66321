import Bytes
import HTTP
import HTTPTypes

// The server under `make bench`: `http-bench <port> [loops]` answers GET /small (200 bytes), GET /64k, GET /10m,
// and POST /echo, until it is killed.

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let bodies: [String: [UInt8]] = [
    "/small": [UInt8](repeating: UInt8(ascii: "a"), count: 200),
    "/64k": [UInt8](repeating: UInt8(ascii: "b"), count: 64 << 10),
    "/10m": [UInt8](repeating: UInt8(ascii: "c"), count: 10 << 20),
]

let server = HTTPServer(
    configuration: .init(
        listeners: [.tcp(port: arguments.first ?? 8080)],
        loops: EventLoopGroup(count: arguments.count > 1 ? arguments[1] : 1))
) { request in
    if let body = bodies[request.head.target] {
        return HTTPResponse(status: 200, fields: ["Content-Type": "text/plain"], bytes: body)
    }
    guard request.head.target == "/echo", let body = try? await request.body.collect(upTo: 1 << 20) else {
        return HTTPResponse(status: 404, text: "not found\n")
    }
    return HTTPResponse(status: 200, bytes: body)
}

try await server.start()
print("listening on \(server.port)")
while true { try await Task.sleep(for: .seconds(3600)) }
