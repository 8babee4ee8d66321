import Bus
import Synchronization
import Time

#if canImport(Glibc)
    import Glibc
#endif

func measureCalls() async throws {
    var template = Array("/tmp/bus-bench-XXXXXX".utf8CString)
    guard let folder = mkdtemp(&template).map({ String(cString: $0) }) else { fatalError("no folder") }
    let benches = [
        try await Bench.start("ipc", at: .ipc(path: "\(folder)/s")),
        try await Bench.start("tcp", at: .tcp(host: "127.0.0.1", port: 47_001)),
        try await Bench.start("tcp+curve", at: .tcp(host: "127.0.0.1", port: 47_002), isEncrypted: true),
    ]
    for bench in benches {
        for (size, width, count) in [(200, 1, 10_000), (200, 64, 200_000), (4096, 64, 100_000), (200, 512, 200_000)] {
            try await measure(bench, size: size, width: width, count: count)
        }
        bench.close()
    }
}

/// `count` echoes of `size` bytes, `width` at a time.
private func measure(_ bench: Bench, size: Int, width: Int, count: Int) async throws {
    let body = [UInt8](repeating: 65, count: size)
    let peerBefore = try await bench.usage()
    let before = Usage.now()
    let begin = ContinuousClock.now
    let latencies = try await withThrowingTaskGroup(of: [Duration].self) { group in
        for _ in 0..<width {
            group.addTask { try await echo(body, times: count / width, bench) }
        }
        return try await group.reduce(into: []) { $0 += $1 }.sorted()
    }
    let elapsed = ContinuousClock.now - begin
    let own = Usage.now().cpuMicroseconds - before.cpuMicroseconds
    let peer = try await bench.usage().cpuMicroseconds - peerBefore.cpuMicroseconds
    let calls = Double(latencies.count)
    print(
        "\(bench.name) \(size) B, \(width) in flight: \(Int(calls / (elapsed / .seconds(1)))) calls/s,",
        "p50 \(rounded(latencies[latencies.count / 2] / .microseconds(1))) us,",
        "p99 \(rounded(latencies[latencies.count * 99 / 100] / .microseconds(1))) us,",
        "CPU/call client \(rounded(Double(own) / calls)) us, server \(rounded(Double(peer) / calls)) us")
}

private func echo(_ body: [UInt8], times: Int, _ bench: Bench) async throws -> [Duration] {
    var latencies: [Duration] = []
    latencies.reserveCapacity(times)
    for _ in 0..<times {
        let begin = ContinuousClock.now
        _ = try await bench.client.call(
            "bench",
            BusRequest(
                service: "dynamodb", operation: "GetItem", attributes: [BusAttribute("region", "us-east-1")], body: body
            ))
        latencies.append(ContinuousClock.now - begin)
    }
    return latencies
}
