import Bus
import ServiceKit

/// Asks an executable of the stack over the private sockets of the run directory: who may open those owns the stack.
struct PrivateCall {
    let stack: Stack
    let owner: String

    /// Calls an operation of `apus.<owner>`.
    ///
    /// - Throws: `Refusal` with what the operation answered.
    func call(_ operation: String, input: (inout JSONWriter) -> Void) async throws -> JSONValue {
        let client = BusClient(routes: LocalRoutes(directory: stack.runDirectory))
        defer { client.close() }
        var json = JSONWriter()
        json.object(input)
        let reply = try await client.call(
            owner,
            BusRequest(
                service: "apus.\(owner)", operation: operation, caller: Caller.service("launcher.apus").encoded,
                body: json.bytes, deadline: .now() + .seconds(10), isIdempotent: true))
        let output = try JSONDocument(reply.body).root
        if reply.isError { throw Refusal(message: try ServiceError(json: output).message) }
        return output
    }

    struct Refusal: Error, CustomStringConvertible {
        let message: String
        var description: String { message }
    }
}
