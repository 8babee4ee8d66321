import Bytes
import CSystem
import CZeroMQ
import Testing
import Threads
import Time

@testable import Bus

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Links over Unix sockets", .timeLimit(.minutes(3))) struct LocalLinkTests {
    @Test("Messages of all sizes arrive as they were sent, however their bytes are cut")
    func pieces() throws {
        var random = SplitMix(seed: 3)
        let frames = [0, 1, 255, 256, 70_000, 3, 1 << 20, 0, 40_000, 1 << 20, 9].map { size in
            Frame(
                header: FrameHeader(kind: .chunk, correlation: UInt64(size)),
                meta: [UInt8](repeating: 7, count: size % 300),
                body: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        }
        let bytes = try Self.bytes(of: frames)
        for _ in 0..<5 {
            let (raw, end) = try Self.socketPair()
            defer { close(raw) }
            let link = LocalLink(end, as: .owner, limits: BusLimits())
            var arrived: [Frame] = []
            var sent = 0
            while sent < bytes.count {
                let piece = bytes[sent..<min(bytes.count, sent + .random(in: 1...100_000, using: &random))]
                sent += piece.withUnsafeBytes { write(raw, $0.baseAddress, $0.count) }
                arrived += Self.take(from: link)
                try #require(!link.hasEnded, "after \(arrived.count) messages, \(sent) bytes")
            }
            #expect(arrived.count == frames.count)
            for (one, other) in zip(arrived, frames) {
                #expect(one.header == other.header)
                #expect(one.meta == other.meta)
                #expect(one.body == other.body)
            }
            #expect(!link.hasEnded)
        }
    }

    @Test("What the kernel has no room for leaves later, in order")
    func blocked() throws {
        let (sender, receiver) = try Self.links()
        for number in 0..<40 {
            sender.send(
                Frame(
                    header: FrameHeader(kind: .chunk, chunk: UInt32(number)),
                    body: [UInt8](repeating: UInt8(number), count: number % 2 == 0 ? 300_000 : 10)))
        }
        sender.flush()
        #expect(sender.isBlocked)
        var numbers: [UInt32] = []
        for _ in 0..<1000 where numbers.count < 40 {
            numbers += Self.take(from: receiver).map(\.header.chunk)
            sender.flush()
        }
        #expect(numbers == Array(0..<40))
        #expect(!sender.isBlocked)
        #expect(!sender.hasOutput)
    }

    @Test("What came before the end is received, and then the end")
    func ended() throws {
        let receiver: LocalLink
        var sender: LocalLink?
        (sender, receiver) = try Self.links()
        sender?.send(Frame(header: FrameHeader(kind: .reply, correlation: 5)))
        sender?.flush()
        sender = nil
        #expect(Self.take(from: receiver).map(\.header.correlation) == [5])
        #expect(receiver.hasEnded)
    }

    @Test("Files arrive with the messages they were sent with, whatever is before, between and behind them")
    func files() async throws {
        try await withFolder { folder in
            let (caller, owner) = try Self.links()
            let files = (0..<12).map { number in
                OwnedDescriptor(open("\(folder)/\(number)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
            }
            try #require(files.allSatisfy { $0.number >= 0 })
            for (number, file) in files.enumerated() {
                let size = [0, 10, 70_000, 300_000][number % 4]
                owner.send(Frame(header: FrameHeader(kind: .chunk), body: [UInt8](repeating: 1, count: size)))
                let header = FrameHeader(kind: .chunk, flags: .file, chunk: UInt32(number))
                owner.send(Frame(header: header, body: [UInt8](repeating: 2, count: size / 2), file: file))
            }
            var arrived: [(number: UInt32, file: OwnedDescriptor?)] = []
            while owner.hasOutput {
                owner.flush()
                for _ in 0..<3 {
                    caller.receive(limit: 1000) { message in
                        guard message.header.flags.contains(.file) else {
                            return #expect(message.file == nil)
                        }
                        arrived.append((message.header.chunk, message.file))
                    }
                }
            }
            #expect(arrived.map(\.number) == Array(0..<12))
            for (one, other) in zip(arrived, files) {
                #expect(try Self.inode(#require(one.file)) == Self.inode(other))
            }
            #expect(!caller.hasEnded)
        }
    }

    @Test(
        "A peer that sends files nobody asked for is left, and its files are closed",
        arguments: [ZMTP.Role.caller, .owner])
    func unwantedFiles(role: ZMTP.Role) async throws {
        try await withFolder { folder in
            let path = "\(folder)/file"
            let (raw, end) = try Self.socketPair()
            defer { close(raw) }
            let file = OwnedDescriptor(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
            let opening = ZMTP.opening(as: role == .caller ? .owner : .caller)
            do {
                let link = LocalLink(end, as: role, limits: BusLimits())
                for byte in opening.prefix(20) {
                    #expect(apus_send_with_file(raw, [byte], 1, file.number) == 1)
                }
                for _ in 0..<10 { #expect(Self.take(from: link).isEmpty) }
                // An owner takes none at all: the kernel closes them.
                #expect(link.hasEnded == (role == .caller))
            }
            #expect(try StoredBody.openCount(of: [path]) == 1)
        }
    }

    private static func inode(_ file: OwnedDescriptor) -> ino_t {
        var status = stat()
        return fstat(file.number, &status) == 0 ? status.st_ino : 0
    }

    @Test("Mutated bytes end a link or are dropped; lengths that only claim take no memory")
    func mutants() throws {
        var random = SplitMix(seed: 23)
        var limits = BusLimits()
        limits.bodyBytes = 1 << 20
        let frame = Frame(header: FrameHeader(kind: .request, correlation: 1), meta: [1, 2, 3], body: [4, 5, 6])
        let good = try Self.bytes(of: [frame, frame, frame])
        var ends = 0
        for _ in 0..<3000 {
            let (raw, end) = try Self.socketPair()
            let link = LocalLink(end, as: .owner, limits: limits)
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            #expect(bytes.withUnsafeBytes { write(raw, $0.baseAddress, $0.count) } == bytes.count)
            // A process that another test starts just now may hold it, too: closing alone is no end then.
            shutdown(raw, Int32(SHUT_RDWR))
            close(raw)
            #expect(Self.take(from: link).count <= 3)
            if link.hasEnded { ends += 1 }
        }
        // The other end is closed: every link sees an end, by the protocol or by the socket.
        #expect(ends == 3000)
        let (raw, end) = try Self.socketPair()
        defer { close(raw) }
        let link = LocalLink(end, as: .owner, limits: limits)
        var claim = ZMTP.opening(as: .caller)
        ZMTP.appendHead(of: 1 << 40, ZMTP.Flag.more, to: &claim)
        _ = claim.withUnsafeBytes { write(raw, $0.baseAddress, $0.count) }
        #expect(Self.take(from: link).isEmpty)
        #expect(link.hasEnded)
    }

    @Test("libzmq calls a server over a Unix socket, and its heartbeats are answered")
    func foreignCaller() async throws {
        try await withFolder { folder in
            let path = "\(folder)/owner.sock"
            let server = BusServer(bind: [.ipc(path: path)], limits: .patient) { BusReply(body: $0.body) }
            try server.start()
            let dealer = Socket(ZMQ_DEALER, in: .shared)
            dealer.set(ZMQ_HEARTBEAT_IVL, Int32(20))
            dealer.set(ZMQ_HEARTBEAT_TIMEOUT, Int32(5000))
            dealer.set(ZMQ_RCVTIMEO, Int32(10_000))
            let monitor = SocketMonitor(dealer, in: .shared)
            try dealer.connect(.ipc(path: path))
            // Several heartbeats pass before anything else does.
            try await Task.sleep(for: .milliseconds(200))
            let header = FrameHeader(kind: .request, correlation: 9, deadline: .now() + .seconds(20))
            #expect(dealer.send(Frame(header: header, meta: Meta(operation: "Echo").encoded(), body: [1, 2, 3])))
            #expect(Self.receiveParts(3, from: dealer).last == [1, 2, 3])
            var events: [ConnectionEvent] = []
            while let event = monitor.next() { events.append(event) }
            #expect(events.count == 1)
            guard case .ready = events.first else {
                Issue.record("\(events)")
                return
            }
            SocketMonitor.stop(dealer)
            monitor.events.close()
            dealer.close()
            await server.drain(within: .zero)
        }
    }

    @Test("Calls reach an owner that listens with libzmq")
    func foreignOwner() async throws {
        try await withFolder { folder in
            let stop = Mailbox<Bool>()
            let bound = ThreadAnswer<Bool>()
            let ended = ThreadAnswer<Bool>()
            WorkThread.detach(named: "foreign-owner") {
                echo(at: LocalRoutes.callAddress(of: "owner", in: folder), bound: bound, until: stop)
                ended.give(true)
            }
            #expect(bound.wait())
            let client = BusClient(routes: LocalRoutes(directory: folder), limits: .patient)
            for text in ["first", "second"] {
                let reply = try await client.call("owner", .test("Echo", text))
                #expect(reply.body == Array(text.utf8))
            }
            client.close()
            stop.post(true)
            #expect(ended.wait())
        }
    }

    @Test("A peer that is silent but not stopped is given ten times as long")
    func silentPeer() throws {
        var template = Array("/tmp/apus-bus-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        let path = "\(folder)/silent.sock"
        let door = try LocalSocket.listen(at: path)
        defer {
            close(door)
            unlink(path)
            rmdir(folder)
        }
        let link = LocalReplicaLink(to: path, limits: BusLimits(), isHopeful: true)
        guard case .opened = link.nextEvent() else {
            Issue.record("not connected")
            return
        }
        #expect(!link.send(Frame(header: FrameHeader(kind: .request, correlation: 1))), "nobody said hello")
        let peer = LocalLink(try #require(LocalSocket.accept(from: door)), as: .owner, limits: BusLimits())
        peer.flush()
        _ = link.receive()
        guard case .ready = link.nextEvent() else {
            Issue.record("not ready")
            return
        }
        link.expectAnswer()
        let lost = (1...100).first { _ in link.probe() }
        // Three heartbeats are the timeout.
        #expect(lost == 31)
        guard case .lost = link.nextEvent() else {
            Issue.record("not lost")
            return
        }
    }

    @Test("No call is lost with a connection at which nobody said hello")
    func dyingOwner() async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let addresses = routes.callAddresses(of: "owner")
            guard case .ipc(let path) = addresses[0] else { return }
            // A process that is killed lets callers connect until its descriptors are closed.
            let door = try LocalSocket.listen(at: path)
            let client = BusClient(routes: routes, limits: .patient)
            let call = Task { try await client.call("owner", .test("Who")) }
            var waiting = pollfd(fd: door, events: Int16(POLLIN), revents: 0)
            while poll(&waiting, 1, 0) == 0 { try await Task.sleep(for: .milliseconds(1)) }
            close(door)
            let server = BusServer(bind: addresses, limits: .patient) { _ in BusReply(body: [1]) }
            try server.start()
            let reply = try await call.value
            #expect(reply.body == [1])
            client.close()
            await server.drain(within: .zero)
        }
    }

    @Test("A call waits for an owner that is too busy to say hello")
    func busyOwner() async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            guard case .ipc(let path) = routes.callAddresses(of: "owner")[0] else { return }
            let door = try LocalSocket.listen(at: path)
            defer { close(door) }
            var limits = BusLimits.patient
            limits.connectPatience = .milliseconds(300)
            limits.helloPatience = .seconds(20)
            let client = BusClient(routes: routes, limits: limits)
            let call = Task { try await client.call("owner", .test("Who")) }
            try await Task.sleep(for: .milliseconds(600))
            let owner = LocalLink(try #require(LocalSocket.accept(from: door)), as: .owner, limits: limits)
            owner.flush()
            var requests: [Frame] = []
            while requests.isEmpty {
                try await Task.sleep(for: .milliseconds(1))
                requests = Self.take(from: owner)
            }
            owner.send(Frame(header: FrameHeader(kind: .reply, correlation: requests[0].header.correlation), body: [1]))
            owner.flush()
            let reply = try await call.value
            #expect(reply.body == [1])
            client.close()
        }
    }

    @Test("A server that leaves lets its successor keep the socket")
    func successor() async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let addresses = routes.callAddresses(of: "owner")
            let first = BusServer(bind: addresses, limits: .patient) { _ in BusReply(body: [1]) }
            try first.start()
            let second = BusServer(bind: addresses, limits: .patient) { _ in BusReply(body: [2]) }
            try second.start()
            await first.drain(within: .zero)
            let client = BusClient(routes: routes, limits: .patient)
            #expect(try await client.call("owner", .test("Who")).body == [2])
            client.close()
            await second.drain(within: .zero)
        }
    }

    // MARK: Ends

    private static func socketPair() throws -> (Int32, Int32) {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    /// A caller and an owner that have said hello.
    private static func links() throws -> (LocalLink, LocalLink) {
        let (one, other) = try socketPair()
        let links = (
            LocalLink(one, as: .caller, limits: BusLimits()), LocalLink(other, as: .owner, limits: BusLimits())
        )
        links.0.flush()
        links.1.flush()
        try #require(take(from: links.0).isEmpty && take(from: links.1).isEmpty)
        return links
    }

    /// The bytes a link sends, its opening included.
    private static func bytes(of frames: [Frame]) throws -> [UInt8] {
        let (raw, end) = try socketPair()
        defer { close(raw) }
        let link = LocalLink(end, as: .caller, limits: BusLimits())
        _ = ZMTP.opening(as: .owner).withUnsafeBytes { write(raw, $0.baseAddress, $0.count) }
        try #require(take(from: link).isEmpty)
        for frame in frames { link.send(frame) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while link.hasOutput {
            link.flush()
            let count = read(raw, &chunk, chunk.count)
            bytes += chunk.prefix(count)
        }
        while case let count = recv(raw, &chunk, chunk.count, Int32(MSG_DONTWAIT)), count > 0 {
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    /// Everything the link has now.
    private static func take(from link: LocalLink) -> [Frame] {
        var frames: [Frame] = []
        // What a look leaves behind, the next one sees: a poll would say so.
        for _ in 0..<3 {
            link.receive(limit: 1000) {
                frames.append(Frame(header: $0.header, meta: Array($0.meta), body: Array($0.body)))
            }
        }
        return frames
    }

    private static func receiveParts(_ count: Int, from socket: Socket) -> [[UInt8]] {
        (0..<count).map { _ in
            var buffer = [UInt8](repeating: 0, count: 1000)
            let length = zmq_recv(socket.raw, &buffer, buffer.count, 0)
            return Array(buffer.prefix(Int(max(length, 0))))
        }
    }
}

/// A ROUTER that answers each request with its body.
private func echo(at address: BusAddress, bound: ThreadAnswer<Bool>, until stop: Mailbox<Bool>) {
    runRouter(at: address, bound: bound, until: stop) { router, request in
        guard let header = FrameHeader(request[1]) else { return }
        let reply = FrameHeader(kind: .reply, correlation: header.correlation)
        _ = router.send(request[0], more: true)
        _ = router.send(Frame(header: reply, body: request.bytes(3)))
    }
}
