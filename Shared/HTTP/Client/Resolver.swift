import CSystem
import Glibc
import Synchronization
import Threads

/// A name that has no address.
public struct ResolutionError: Error, Equatable, CustomStringConvertible {
    public let host: String
    public let reason: String
    public var description: String { "\(host): \(reason)" }
}

/// Names to addresses by the C library, on threads of its own: `getaddrinfo` blocks.
///
/// One look-up at a time for a name, a few at a time for all; answers are kept for some seconds.
final class Resolver: Sendable {
    private typealias Answer = Result<[SocketAddress], ResolutionError>
    private typealias Waiter = UnsafeContinuation<Answer, Never>

    private struct State {
        var known: [String: (addresses: [SocketAddress], until: LoopTime)] = [:]
        var waiters: [String: [Waiter]] = [:]
        var queue: [String] = []
        var running = 0
    }

    private static let maximumThreads = 4
    private static let maximumKnown = 1024
    private static let keptMilliseconds: Int64 = 5_000

    static let shared = Resolver()
    private let state = Mutex(State())

    /// The addresses of a host, in the order to try them, with their port set.
    func addresses(of host: String, port: Int) async throws(ResolutionError) -> [SocketAddress] {
        if let address = SocketAddress(numeric: host, port: port) { return [address] }
        // RFC 6761 section 6.3: `localhost` and names below it never leave the machine.
        if host == "localhost" || host.hasSuffix(".localhost") {
            return ["127.0.0.1", "::1"].compactMap { SocketAddress(numeric: $0, port: port) }
        }
        return try await lookUp(host).map { $0.with(port: port) }
    }

    private func lookUp(_ host: String) async throws(ResolutionError) -> [SocketAddress] {
        let now = LoopTime.now()
        let known = state.withLock { $0.known[host].flatMap { $0.until > now ? $0.addresses : nil } }
        if let known { return known }
        let answer: Answer = await withUnsafeContinuation { waiter in
            let starts = state.withLock { state in
                state.waiters[host, default: []].append(waiter)
                guard state.waiters[host]?.count == 1 else { return false }
                state.queue.append(host)
                guard state.running < Self.maximumThreads else { return false }
                state.running += 1
                return true
            }
            if starts { startThread() }
        }
        return try answer.get()
    }

    private func startThread() {
        do {
            try WorkThread(named: "resolver") { self.work() }.detach()
        } catch {
            fail(error.code)
        }
    }

    /// No thread to look anything up: everybody who waits is told.
    private func fail(_ code: Int32) {
        let waiting = state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [String: [Waiter]]() }
            state.queue = []
            defer { state.waiters = [:] }
            return state.waiters
        }
        for (host, waiters) in waiting {
            for waiter in waiters {
                waiter.resume(returning: .failure(ResolutionError(host: host, reason: "no thread (\(code))")))
            }
        }
    }

    private func work() {
        while let host = nextHost() {
            let answer = Self.resolve(host)
            let waiters = state.withLock { state in
                if case .success(let addresses) = answer {
                    if state.known.count >= Self.maximumKnown { state.known = [:] }
                    state.known[host] = (addresses, LoopTime.now().advanced(byMilliseconds: Self.keptMilliseconds))
                }
                return state.waiters.removeValue(forKey: host) ?? []
            }
            for waiter in waiters { waiter.resume(returning: answer) }
        }
    }

    private func nextHost() -> String? {
        state.withLock { state in
            guard !state.queue.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.queue.removeFirst()
        }
    }

    private static func resolve(_ host: String) -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            return .failure(ResolutionError(host: host, reason: String(cString: gai_strerror(code))))
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let current = entry?.pointee {
            if let address = current.ai_addr { addresses.append(SocketAddress(address, current.ai_addrlen)) }
            entry = current.ai_next
        }
        return addresses.isEmpty ? .failure(ResolutionError(host: host, reason: "no address")) : .success(addresses)
    }
}

extension SocketAddress {
    func with(port: Int) -> SocketAddress { SocketAddress(numeric: text, port: port) ?? self }
}
