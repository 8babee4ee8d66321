import Bus
import Bytes
import Synchronization
import Time

#if canImport(Glibc)
    import Glibc
#endif

/// A client and, in another process, its server.
struct Bench {
    let name: String
    let client: BusClient
    let process: pid_t

    func usage() async throws -> Usage {
        let reply = try await client.call("bench", BusRequest(service: "bench", operation: "Usage"))
        return Usage(reply.body) ?? Usage(cpuMicroseconds: 0, peakBytes: 0)
    }

    func close() {
        client.close()
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    static func start(_ name: String, at address: BusAddress, isEncrypted: Bool = false) async throws -> Bench {
        let (own, other) = (BusKeyPair.generate(), BusKeyPair.generate())
        let keys = isEncrypted ? [other.secretKey.z85, own.publicKey.z85] : ["-", "-"]
        let process = try spawnSelf(["serve", address.description] + keys)
        let security = isEncrypted ? BusSecurity(keyPair: own, peers: ["bench": other.publicKey]) : nil
        let client = BusClient(routes: RouteTable(["bench": .init(calls: [address])]), security: security)
        let bench = Bench(name: name, client: client, process: process)
        while (try? await bench.usage()) == nil { try await Task.sleep(for: .milliseconds(5)) }
        return bench
    }
}

private func spawnSelf(_ arguments: [String]) throws -> pid_t {
    var pointers: [UnsafeMutablePointer<CChar>?] = (["bus-bench"] + arguments).map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    var process: pid_t = 0
    guard posix_spawn(&process, "/proc/self/exe", nil, nil, &pointers, environ) == 0 else { fatalError("no process") }
    return process
}

func measureStreams(bytes: Int) async throws {
    var template = Array("/tmp/bus-bench-XXXXXX".utf8CString)
    guard let folder = mkdtemp(&template).map({ String(cString: $0) }) else { fatalError("no folder") }
    let bench = try await Bench.start("ipc", at: .ipc(path: "\(folder)/s"))
    defer { bench.close() }
    for direction in ["up", "down"] {
        let begin = ContinuousClock.now
        let received = direction == "up" ? try await upload(bytes, bench) : try await download(bytes, bench)
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        let peer = try await bench.usage()
        print(
            "\(direction): \(received) bytes in \(rounded(seconds)) s,",
            "\(rounded(Double(received) / seconds / 1e9)) GB/s;",
            "peak memory: client \(Usage.now().peakBytes >> 10) KiB, server \(peer.peakBytes >> 10) KiB")
    }
}

private func upload(_ bytes: Int, _ bench: Bench) async throws -> Int {
    let request = BusRequest(
        service: "bench", operation: "Count", stream: zeros(bytes), deadline: .now() + .seconds(3600))
    return Int(String(decoding: try await bench.client.call("bench", request).body, as: UTF8.self)) ?? 0
}

private func download(_ bytes: Int, _ bench: Bench) async throws -> Int {
    let request = BusRequest(service: "bench", operation: "Produce", body: Array(String(bytes).utf8))
    guard let stream = try await bench.client.call("bench", request).stream else { return 0 }
    var received = 0
    while let chunk = try await stream.next() { received += chunk.count }
    return received
}

func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }
