import Bus
import Bytes
import Time

#if canImport(Glibc)
    import Glibc
#endif

/// What the peer can be asked to do.
struct Peer: Sendable {
    let journal: Journal
    let publisher: BusPublisher?

    func answer(_ request: BusRequest) async -> BusReply {
        if request.deadline <= .now() { journal.note("executed late") }
        switch request.operation {
        case "Echo": return BusReply(attributes: request.attributes, body: request.body)
        case "Wait": return await wait(request)
        case "Ring":
            publisher?.publish(request.attributes["topic"] ?? "", request.body)
            return BusReply()
        case "EchoStream": return BusReply(stream: request.stream)
        case "Count": return await count(request)
        case "Produce": return produce(Int(request.attributes["bytes"] ?? "") ?? 0)
        case "Memory": return BusReply(body: Array(String(peakResidentBytes()).utf8))
        default: return BusReply(status: 400, isError: true)
        }
    }

    /// Says that it began, then waits until it is cancelled.
    private func wait(_ request: BusRequest) async -> BusReply {
        journal.note("begin")
        try? await Task.sleep(for: .seconds(60))
        journal.note(Task.isCancelled ? "cancelled" : "end")
        return BusReply()
    }

    private func count(_ request: BusRequest) async -> BusReply {
        var count = 0
        do {
            while let chunk = try await request.stream?.next() { count += chunk.count }
        } catch {
            journal.note("stream failed")
            return BusReply(status: 500, isError: true)
        }
        return BusReply(body: Array(String(count).utf8))
    }

    private func produce(_ total: Int) -> BusReply {
        let source = Countdown(total)
        return BusReply(stream: ByteStream(length: total) { source.next() })
    }
}
