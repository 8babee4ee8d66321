import Glibc
import ServiceKit

/// What reads cost in tables of several sizes when the system has nothing of their files in its cache.
///
/// Each series begins cold, and is measured in parts, as it warms the cache by itself.
struct ColdReads {
    let folder: String
    let items: [Int]
    private static let parts = [500, 2000, 16_000, 128_000]

    func run() async throws {
        for count in items {
            let client = try await BenchTables.open(folder, items: count)
            print("\(count) items, \(client.fileSize >> 20) MiB")
            for scenario in Scenario.spreadReads(items: count).prefix(2) + [.hotReads(items: count)] {
                client.dropCaches()
                var next = 0
                for end in Self.parts where end <= scenario.requests.count {
                    print("  \(scenario.name), \(next)…\(end): \(await part(of: scenario, next..<end, on: client))")
                    next = end
                }
                fflush(nil)
            }
            await client.close()
        }
    }

    private func part(of scenario: Scenario, _ numbers: Range<Int>, on client: Client) async -> String {
        let before = (read: ProcessReads.bytes, cpu: ProcessReads.cpuSeconds)
        var times: [Duration] = []
        for number in numbers {
            let request = scenario.requests[number % scenario.requests.count]
            times.append(await ContinuousClock().measure { await client.call(scenario.operation, request.bytes) })
        }
        let count = Double(times.count)
        let read = Double(ProcessReads.bytes - before.read) / 4096 / count
        let cpu = (ProcessReads.cpuSeconds - before.cpu) / count
        let mean = times.reduce(.zero, +) / times.count
        times.sort()
        let (p50, p99) = (times[times.count / 2], times[times.count * 99 / 100])
        return "\(mean.microseconds) µs each (p50 \(p50.microseconds), p99 \(p99.microseconds)), "
            + "CPU \(Int(cpu * 1e6)) µs, \((read * 100).rounded() / 100) × 4 KiB read from the disk"
    }
}

extension Duration {
    fileprivate var microseconds: Int { Int(self / .microseconds(1)) }
}
