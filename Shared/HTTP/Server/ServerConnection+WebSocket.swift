import HTTPTypes

/// Handing a connection over to a WebSocket.
extension ServerConnection {
    func upgrade(
        _ request: HTTP1Request, _ incoming: HTTPRequest, _ head: ResponseHead,
        _ run: @Sendable (WebSocket) async -> Void
    ) async throws {
        let answer = WebSocketHandshake.response(to: request, fields: head.fields)
        let isAccepted = answer.status == 101 && bodyHasEnded
        let date = loop.date.bytes()
        try channel.queue { out in
            try HTTP1Writer.write(
                answer, isAccepted ? .none : .length(0), closes: !isAccepted, upgrade: isAccepted, date: date, to: &out)
        }
        try await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
        guard isAccepted else { return }
        let socket = WebSocket(
            channel, role: .server, received: parser.takeRest(),
            maximumBytes: core.configuration.webSocketMessageBytes)
        await run(socket)
        await socket.finish()
    }
}
