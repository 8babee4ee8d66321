import CSystem
import Glibc

@testable import HTTP

/// A client that sends exactly the bytes it is told, for what a well-behaved client cannot say.
actor RawConnection {
    nonisolated let loop: EventLoop
    private let channel: Channel
    private var received: [UInt8] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(port: Int, receiveBuffer: Int32? = nil) async throws {
        let loop = EventLoopGroup.shared.inTurn()
        self.loop = loop
        let socket = try SocketOption.open(AF_INET)
        if var size = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        let address = SocketAddress(numeric: "127.0.0.1", port: port)!
        guard address.with({ connect(socket, $0, $1) }) == 0 || errno == EINPROGRESS else {
            throw SocketError("connect", errno)
        }
        channel = try await withUnsafeThrowingContinuation { done in
            loop.execute { done.resume(with: Result { try Channel(socket, on: loop, isConnecting: true) }) }
        }
        try await channel.waitConnected(until: Self.deadline(loop))
    }

    deinit { loop.execute { [channel] in channel.close() } }

    private static func deadline(_ loop: EventLoop) -> LoopTime { .now().advanced(byMilliseconds: 10_000) }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        channel.queue(bytes)
        try await channel.flush(downTo: 0, stallMilliseconds: 10_000)
    }

    /// Everything up to and including `mark`; the rest stays for the next call.
    func receive(through mark: String) async throws -> String {
        let mark = Array(mark.utf8)
        while true {
            if let end = end(of: mark) {
                defer { received.removeFirst(end) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            guard try await fill() else { throw ConnectionError.closed }
        }
    }

    func receive(count: Int) async throws -> [UInt8] {
        while received.count < count { guard try await fill() else { throw ConnectionError.closed } }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// Everything until the server closes, cleanly or not.
    func receiveToEnd() async -> String {
        while let more = try? await fill(), more {}
        return String(decoding: received, as: UTF8.self)
    }

    private func end(of mark: [UInt8]) -> Int? {
        guard received.count >= mark.count else { return nil }
        return (mark.count...received.count).first { received[($0 - mark.count)..<$0].elementsEqual(mark) }
    }

    private func fill() async throws -> Bool {
        try await channel.fill(until: Self.deadline(loop), "test") { received.append(contentsOf: $0) }
    }

    func finishWriting() { channel.finishWriting() }
    func close() { channel.close() }
}
