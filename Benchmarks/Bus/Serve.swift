import Bus
import Bytes
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The other process: echoes, counts, produces, and says what it used.
func serve(_ address: String, secretKey: String, peerKey: String) async throws {
    let security =
        secretKey == "-"
        ? nil
        : BusSecurity(
            keyPair: try BusKeyPair(secretKey: BusKey(z85: secretKey)), peers: ["bench": try BusKey(z85: peerKey)])
    let server = BusServer(
        bind: [try BusAddress.parse(address)], security: security, isBrief: { $0.operation == "GetItem" }
    ) { request in
        switch request.operation {
        case "Usage": return BusReply(body: Usage.now().encoded)
        case "Count":
            var count = 0
            while let chunk = try? await request.stream?.next() { count += chunk.count }
            return BusReply(body: Array(String(count).utf8))
        case "Produce":
            return BusReply(stream: zeros(Int(String(decoding: request.body, as: UTF8.self)) ?? 0))
        default: return BusReply(body: request.body)
        }
    }
    try server.start()
    while true { try await Task.sleep(for: .seconds(3600)) }
}

/// So many bytes, in chunks of 256 KiB that share their storage.
func zeros(_ total: Int) -> ByteStream {
    let chunk = [UInt8](repeating: 0, count: 256 << 10)
    let rest = RestingBytes(total)
    return ByteStream(length: total) {
        let count = rest.take(chunk.count)
        return count == 0 ? nil : count == chunk.count ? chunk : Array(chunk.prefix(count))
    }
}

final class RestingBytes: Sendable {
    private let rest: Mutex<Int>
    init(_ rest: Int) { self.rest = Mutex(rest) }
    func take(_ count: Int) -> Int {
        rest.withLock { rest in
            let taken = min(rest, count)
            rest -= taken
            return taken
        }
    }
}
