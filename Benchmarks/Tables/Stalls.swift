import Glibc
import ServiceKit

/// How long requests wait at most, while items all over a large table are written, others expire and others are read.
///
/// What takes long is told together with what the database's own threads did at that time.
struct Stalls {
    let folder: String
    let items: Int
    let seconds: Double
    /// Writes a second; without one, as many as 64 callers get done.
    let rate: Int?
    private static let readRate = 500
    /// One write of so many puts an item that expires after some seconds.
    private static let expiringEvery = 10
    private static let episodeLimit = 8

    func run() async throws {
        let client = try await BenchTables.open(folder, items: items)
        client.startWorkers()
        await client.expireItems()
        let record = WorkRecord(client.database)
        let requests = Scenario.writes(items: items, expiringEvery: Self.expiringEvery)
        let reads = Scenario.spreadReads(items: items)[0]
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        async let written = PacedLoad(callers: 64, rate: rate, from: start, until: end).run(requests, on: client)
        async let read = PacedLoad(callers: 4, rate: Self.readRate, from: start, until: end).run([reads], on: client)
        let (writes, gets) = await (written, read)
        record.end()
        let text = rate.map { "\($0) a second" } ?? "as many as 64 callers get done"
        print("Puts and updates, \(text): \(Waits(writes))")
        print("GetItem beside them, \(Self.readRate) a second: \(Waits(gets))")
        print(record.summary)
        let log = client.database.logCounts
        print(
            "The log: \(log.passes) passes, \(log.restarts) beginnings, \(log.refusals) refused by readers, "
                + "\(log.mostPagesByWriter) pages at most moved by the writer")
        for episode in Episode.longest(of: writes + gets, limit: Self.episodeLimit) {
            print(record.text(of: episode, since: start))
        }
        fflush(nil)
        await client.close()
    }
}

/// A request that was made, or ought to have been made when its turn came.
struct TimedCall: Sendable {
    let start: ContinuousClock.Instant
    let time: Duration

    var end: ContinuousClock.Instant { start + time }
}

/// Callers who make requests at a steady rate however long the answers take, or one after another.
struct PacedLoad {
    let callers: Int
    let rate: Int?
    let start: ContinuousClock.Instant
    let end: ContinuousClock.Instant

    init(callers: Int, rate: Int?, from start: ContinuousClock.Instant, until end: ContinuousClock.Instant) {
        self.callers = callers
        self.rate = rate
        self.start = start
        self.end = end
    }

    /// The scenarios in turns; each caller a part of their requests.
    func run(_ scenarios: [Scenario], on client: Client) async -> [TimedCall] {
        await withTaskGroup(of: [TimedCall].self) { group in
            for caller in 0..<callers {
                group.addTask { await calls(of: caller, scenarios, on: client) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func calls(of caller: Int, _ scenarios: [Scenario], on client: Client) async -> [TimedCall] {
        var calls: [TimedCall] = []
        var number = caller
        while true {
            // What is late counts from when it was due: who comes meanwhile waits as well.
            let due = rate.map { start + .seconds(1) / $0 * number } ?? ContinuousClock.now
            if due >= end { return calls }
            if due > ContinuousClock.now { try? await Task.sleep(until: due, clock: .continuous) }
            let scenario = scenarios[number % scenarios.count]
            let request = scenario.requests[number / scenarios.count % scenario.requests.count]
            await client.call(scenario.operation, request.bytes(round: UInt64(number)))
            calls.append(TimedCall(start: due, time: ContinuousClock.now - due))
            number += callers
        }
    }
}
