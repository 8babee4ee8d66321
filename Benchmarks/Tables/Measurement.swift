import Glibc
import ServiceKit

/// What a scenario cost: CPU of one call, calls a second, how long they took, and how commits were shared.
struct Measurement: CustomStringConvertible {
    private let name: String
    private let seconds: Double
    private let cpuSeconds: Double
    private let commits: Int
    private let writes: Int
    /// Microseconds of each call, ascending.
    private let latencies: [UInt32]

    init(of scenario: Scenario, on client: Client, seconds limit: Double) async {
        name = "\(scenario.name), \(scenario.workers) at once"
        let counts = client.database.commitCounts
        let cpu = Self.processSeconds()
        let start = Self.now()
        latencies = await withTaskGroup(of: [UInt32].self) { group in
            for worker in 0..<scenario.workers {
                group.addTask { await Self.run(scenario, worker, on: client, until: start + limit) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }.sorted()
        seconds = Self.now() - start
        cpuSeconds = Self.processSeconds() - cpu
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

    var description: String {
        let each = Int((cpuSeconds / Double(latencies.count) * 1e7).rounded())
        var text = "\(name): CPU \(each / 10).\(each % 10) µs each, \(Int(Double(latencies.count) / seconds))/s"
        text += ", p50 \(percentile(0.5)), p99 \(percentile(0.99)), longest \(percentile(1)) µs"
        if writes > 0 {
            text += "; \(Int(Double(commits) / seconds)) commits/s of \(writes / max(1, commits)) writes"
        }
        return text
    }

    private func percentile(_ part: Double) -> UInt32 { latencies[Int(Double(latencies.count - 1) * part)] }

    private static func now() -> Double { seconds(of: CLOCK_MONOTONIC) }
    private static func processSeconds() -> Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(of clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
