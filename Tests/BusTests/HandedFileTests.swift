import Bytes
import CSystem
import Synchronization
import Testing
import Threads
import Time

@testable import Bus

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Files handed over", .timeLimit(.minutes(3))) struct HandedFileTests {
    enum Way: CaseIterable {
        /// A caller who takes files, and one who does not.
        case local, localBytes
        case tcp

        var handsOver: Bool { self == .local }
    }

    /// Sizes that take several pieces each, and more files than the window has room for.
    private static let sizes = [700_000, 1, 300_000, 262_144, 90_000, 262_145, 5, 400_000]

    /// Reads wait for the disk here.
    private static let diskWork: DiskWork = { work in
        WorkThread.detach(named: "disk", work)
        return true
    }

    private func withStored(
        _ way: Way = .local, sizes: [Int] = sizes, _ body: (StoredBody, BusClient, BusServer) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let stored = try StoredBody(sizes, in: folder)
            let address = way == .tcp ? BusAddress.tcp(host: "127.0.0.1", port: 0) : .ipc(path: "\(folder)/owner.sock")
            let server = BusServer(bind: [address], limits: .patient) { request in
                request.operation == "Get" ? BusReply(stream: stored.stream()) : BusReply()
            }
            try server.start()
            let client = BusClient(
                routes: RouteTable(["owner": .init(calls: server.boundAddresses)]), limits: .patient,
                diskWork: way == .localBytes ? nil : Self.diskWork)
            do {
                try await body(stored, client, server)
            } catch {
                client.close()
                await server.drain(within: .zero)
                throw error
            }
            client.close()
            await server.drain(within: .zero)
        }
    }

    /// Calls until what was posted before has been done at both ends; `false` if files stay open nevertheless.
    private func closesAll(_ stored: StoredBody, _ client: BusClient) async throws -> Bool {
        for _ in 0..<1000 {
            if try stored.openCount == 0 { return true }
            _ = try await client.call("owner", .test("Wait"))
        }
        return false
    }

    @Test("A body that lies in files arrives whole on every way, and none of them stays open", arguments: Way.allCases)
    func whole(way: Way) async throws {
        try await withStored(way) { stored, client, _ in
            let stream = try #require(try await client.call("owner", .test("Get")).stream)
            #expect(stream.length == stored.bytes.count)
            #expect(try await stream.collect(upTo: 10 << 20) == stored.bytes)
            #expect(stored.pulledCount == (way.handsOver ? 0 : Self.sizes.count))
            #expect(try await closesAll(stored, client))
        }
    }

    @Test("A short body is sent: handing over would cost more")
    func short() async throws {
        try await withStored(sizes: [100_000]) { stored, client, _ in
            let stream = try #require(try await client.call("owner", .test("Get")).stream)
            #expect(try await stream.collect(upTo: 10 << 20) == stored.bytes)
            #expect(stored.pulledCount == 1)
        }
    }

    @Test("What is not in memory is read by a thread that may wait for the disk")
    func cold() async throws {
        try await withStored { stored, client, _ in
            try stored.forgetContent()
            let stream = try #require(try await client.call("owner", .test("Get")).stream)
            #expect(try await stream.collect(upTo: 10 << 20) == stored.bytes)
        }
    }

    @Test("Files are closed when their reader leaves, before, amid and at the last of them", arguments: [0, 1, 12])
    func abandoned(pieces: Int) async throws {
        try await withStored { stored, client, _ in
            do {
                let stream = try #require(try await client.call("owner", .test("Get")).stream)
                for _ in 0..<pieces { _ = try await stream.next() }
                #expect(try stored.openCount > 0)
            }
            #expect(try await closesAll(stored, client))
        }
    }

    @Test("Files are closed when the client closes, and when the server does")
    func closed() async throws {
        try await withStored { stored, client, server in
            var stream = try await client.call("owner", .test("Get")).stream
            _ = try await stream?.next()
            await server.drain(within: .zero)
            await #expect(throws: (any Error).self) { while try await stream?.next() != nil {} }
            stream = nil
            client.close()
            let end = ContinuousClock.now + .seconds(20)
            while try stored.openCount > 0, ContinuousClock.now < end { await Task.yield() }
            #expect(try stored.openCount == 0)
        }
    }

    @Test("A sender keeps back files beyond the reader's window")
    func window() async throws {
        try await withStored(sizes: [Int](repeating: 100_000, count: 40)) { stored, client, _ in
            let stream = try #require(try await client.call("owner", .test("Get")).stream)
            _ = try await stream.next()
            for _ in 0..<50 { _ = try await client.call("owner", .test("Wait")) }
            // The one that is read, a window, and one that waits for credit.
            #expect(stored.takenCount <= BusLimits().streamWindow + 2)
        }
    }

    @Test("A file that became shorter breaks the stream, and keeps it broken")
    func cutShort() async throws {
        try await withStored { stored, client, _ in
            let stream = try #require(try await client.call("owner", .test("Get")).stream)
            _ = try await stream.next()
            stored.cutShort()
            for _ in 0..<2 {
                await #expect(throws: ByteStreamError.truncated) { try await stream.collect(upTo: 10 << 20) }
            }
        }
    }

    @Test("A piece says it is a file, but none came: it is refused")
    func lost() {
        let reader = StreamReader(window: 4, diskWork: Self.diskWork) { _ in }
        let stretch = FileStretch(file: OwnedDescriptor(-1), range: 0..<5, cipher: nil)
        stretch.encoded().withUnsafeBytes { body in
            let header = FrameHeader(kind: .chunk, flags: .file)
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            #expect(!reader.deliver(Message(header: header, meta: none, body: body)))
        }
    }

    @Test("A stretch's bytes are these, and nothing else is one")
    func wire() throws {
        let file = OwnedDescriptor(-1)
        let cipher = FileCipher(
            nonce: [UInt8](repeating: 0xaa, count: 12), keys: [[UInt8](repeating: 0xbb, count: 32)])
        let stretch = FileStretch(file: file, range: 0x0102..<0x0105, cipher: cipher)
        let bytes = stretch.encoded()
        #expect(
            Hex.string(bytes)
                == "0201000000000000" + "0300000000000000" + "01" + String(repeating: "aa", count: 12)
                + String(repeating: "bb", count: 32))
        let again = try bytes.withUnsafeBytes { try FileStretch($0, of: file) }
        #expect(again.range == stretch.range)
        #expect(again.cipher == cipher)
        let plain = FileStretch(file: file, range: 7..<9, cipher: nil).encoded()
        #expect(try plain.withUnsafeBytes { try FileStretch($0, of: file) }.cipher == nil)
        var malformed = [Array(bytes.dropLast()), bytes + [0], [], Array(plain.dropLast())]
        for (place, value) in [(7, UInt8(0x80)), (15, 0x80), (8, 0), (16, 0), (16, 2), (16, 3)] {
            var mutant = bytes
            mutant[place] = value
            malformed.append(mutant)
        }
        // The largest position there is, and one more.
        malformed.append([UInt8](repeating: 0xff, count: 7) + [0x7f, 1] + [UInt8](repeating: 0, count: 8))
        for bytes in malformed {
            #expect(throws: BusError.self) { try bytes.withUnsafeBytes { try FileStretch($0, of: file) } }
        }
    }
}
