import Glibc
import ServiceKit

/// What a scenario cost: CPU of one call, calls a second, how long they took, and how commits were shared.
struct Measurement: CustomStringConvertible {
    private let name: String
    private let seconds: Double
    private let cpuSeconds: Double
    private let commits: Int
    private let writes: Int
    private let reads: Int
    private let log: String
    /// Microseconds of each call, ascending.
    private let latencies: [UInt32]

    init(of scenario: Scenario, on client: Client, seconds limit: Double) async {
        name = "\(scenario.name), \(scenario.workers) at once"
        let counts = client.database.commitCounts
        let (cpu, readsBefore) = (ProcessReads.cpuSeconds, ProcessReads.calls)
        let start = Self.now()
        latencies = await withTaskGroup(of: [UInt32].self) { group in
            for worker in 0..<scenario.workers {
                group.addTask { await Self.run(scenario, worker, on: client, until: start + limit) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }.sorted()
        seconds = Self.now() - start
        cpuSeconds = ProcessReads.cpuSeconds - cpu
        reads = ProcessReads.calls - readsBefore
        log = Self.text(client.database.logCounts)
        commits = client.database.commitCounts.commits - counts.commits
        writes = client.database.commitCounts.writes - counts.writes
    }

    private static func run(
        _ scenario: Scenario, _ worker: Int, on client: Client, until end: Double
    ) async -> [UInt32] {
        var latencies: [UInt32] = []
        var number = worker * scenario.requests.count / scenario.workers
        var time = now()
        while time < end {
            let request = scenario.requests[number % scenario.requests.count]
            await client.call(
                scenario.operation, request.bytes(round: UInt64(worker) << 24 | UInt64(latencies.count)))
            number += 1
            let after = now()
            latencies.append(UInt32((after - time) * 1e6))
            time = after
        }
        return latencies
    }

    var microsecondsEach: Double { cpuSeconds / Double(latencies.count) * 1e6 }

    var description: String {
        let each = Int((microsecondsEach * 10).rounded())
        let readsEach = reads * 10 / latencies.count
        var text = "\(name): CPU \(each / 10).\(each % 10) µs, \(readsEach / 10).\(readsEach % 10) reads each"
        text += ", \(Int(Double(latencies.count) / seconds))/s"
        text += ", p50 \(percentile(0.5)), p99 \(percentile(0.99)), longest \(percentile(1)) µs"
        if writes > 0 {
            text += "; \(Int(Double(commits) / seconds)) commits/s of \(writes / max(1, commits)) writes"
            text += "; since the start \(log)"
        }
        return text
    }

    private static func text(_ log: LogCounts) -> String {
        """
        the log began anew \(log.restarts) times (readers held it \(log.refusals) times), stopped the writer \
        \(log.stops) times for \(log.stoppedTime) in all and \(log.longestStop) at most, for \
        \(log.mostPagesByWriter) pages at most
        """
    }

    private func percentile(_ part: Double) -> UInt32 { latencies[Int(Double(latencies.count - 1) * part)] }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
