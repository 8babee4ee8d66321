@testable import Bus
import Synchronization
import Testing
import Time

#if canImport(Glibc)
    import Glibc
#endif

/// A `bus-peer` of our own: another process, to be killed, frozen and started again.
final class PeerProcess: Sendable {
    let address: BusAddress
    let journalPath: String
    private let events: BusAddress?
    private let process = Mutex<pid_t?>(nil)

    init(at address: BusAddress, journal: String, events: BusAddress? = nil) throws {
        self.address = address
        self.events = events
        journalPath = journal
        try start()
    }

    deinit { kill() }

    func start() throws {
        // The executables lie beside the tests'.
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path.prefix(max(length, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let executable = own[..<(own.lastIndex(of: "/") ?? own.startIndex)] + "/bus-peer"
        let arguments =
            [String(executable), address.description, journalPath] + (events.map { [$0.description] } ?? [])
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        var id: pid_t = 0
        let result = posix_spawn(&id, String(executable), nil, nil, &pointers, environ)
        try #require(result == 0, "cannot start \(executable)")
        process.withLock { $0 = id }
    }

    func signal(_ number: Int32) {
        process.withLock { if let id = $0 { _ = Glibc.kill(id, number) } }
    }

    /// SIGSTOP, and waits until it took effect: a thread that runs may answer a call before it does.
    func freeze() {
        process.withLock { process in
            guard let id = process else { return }
            _ = Glibc.kill(id, SIGSTOP)
            while !isStopped(id) { sched_yield() }
        }
    }

    /// kill -9, and waits until it is gone.
    func kill() {
        process.withLock { process in
            guard let id = process else { return }
            _ = Glibc.kill(id, SIGKILL)
            var status: Int32 = 0
            waitpid(id, &status, 0)
            process = nil
        }
    }

    var journal: [String] {
        guard let file = fopen(journalPath, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Waits until the journal has `count` lines that read `line`.
    func waitFor(_ count: Int, _ line: String) async throws {
        let limit = ContinuousClock.now + .seconds(30)
        while journal.count(where: { $0 == line }) < count {
            try #require(ContinuousClock.now < limit, "the peer never noted \(line)")
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

/// A peer in another process and a client of it.
func withPeer(
    over transport: PeerTransport = .ipc, limits: BusLimits = BusLimits(),
    _ body: (PeerProcess, BusClient) async throws -> Void
) async throws {
    try await withFolder { folder in
        let address = try transport.address(in: folder)
        let events = BusAddress.ipc(path: "\(folder)/events.sock")
        let peer = try PeerProcess(at: address, journal: "\(folder)/journal", events: events)
        defer { peer.kill() }
        let client = BusClient(routes: RouteTable(["peer": .init(calls: [address], events: [events])]), limits: limits)
        defer { client.close() }
        try await client.untilReachable()
        try await body(peer, client)
    }
}

extension BusClient {
    /// Calls until there is an answer.
    func untilReachable(within limit: Duration = .seconds(30)) async throws {
        let end = ContinuousClock.now + limit
        while true {
            do {
                _ = try await call("peer", .test("Echo"))
                return
            } catch {
                guard ContinuousClock.now < end else { throw error }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}

enum PeerTransport: CaseIterable {
    case ipc, tcp

    func address(in folder: String) throws -> BusAddress {
        switch self {
        case .ipc: .ipc(path: "\(folder)/peer.sock")
        case .tcp: .tcp(host: "127.0.0.1", port: try freePort())
        }
    }
}

/// A port nobody listens on now.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
        }
    }
    try #require(result == 0)
    return UInt16(bigEndian: address.sin_port)
}
