import Bus
import Testing
import Time

#if canImport(Glibc)
    import Glibc
#endif

/// A folder that only this test uses, removed with everything in it.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    var template = Array("/tmp/apus-bus-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink("\(path)/\(name)")
            }
            closedir(folder)
        }
        rmdir(path)
    }
    return try await body(path)
}

extension BusLimits {
    /// Patient enough for a machine that is busy with other things.
    static var patient: BusLimits {
        var limits = BusLimits()
        limits.connectPatience = .seconds(20)
        limits.heartbeatTimeout = .seconds(20)
        return limits
    }
}

/// A server and a client of this process, joined by a socket in a folder of their own.
func withLoopback<Result>(
    limits: BusLimits = .patient, handler: @escaping BusServer.Handler, _ body: (BusClient) async throws -> Result
) async throws -> Result {
    try await withFolder { folder in
        let routes = LocalRoutes(directory: folder)
        let server = BusServer(bind: routes.callAddresses(of: "owner"), limits: limits, handler: handler)
        try server.start()
        let client = BusClient(routes: routes, limits: limits)
        let result: Result
        do {
            result = try await body(client)
        } catch {
            client.close()
            await server.drain(within: .zero)
            throw error
        }
        client.close()
        await server.drain(within: .zero)
        return result
    }
}

extension BusRequest {
    /// A request to the tests' service.
    static func test(_ operation: String, _ body: String = "") -> BusRequest {
        BusRequest(service: "test", operation: operation, body: Array(body.utf8), deadline: .now() + .seconds(20))
    }
}
