import Glibc

/// What reads cost in tables of several sizes, measured in turns so that a change of the machine's load meets all.
struct Growth {
    let folder: String
    let items: [Int]
    private static let rounds = 5
    private static let seconds = 1.0

    func run() async throws {
        var clients: [Client] = []
        for count in items {
            let client = try await BenchTables.open(folder, items: count)
            print("\(count) items, \(client.fileSize >> 20) MiB, \(client.fileSize / count) bytes each")
            clients.append(client)
        }
        let scenarios = items.map(Scenario.spreadReads)
        for index in scenarios[0].indices {
            for (client, scenario) in zip(clients, scenarios) {
                try await client.check(scenario[index])
                // Caches as they are after a while.
                for request in scenario[index].requests { await client.call(scenario[index].operation, request.bytes) }
            }
            for isBesideWriter in [false, true] {
                await compare(scenarios.map { $0[index] }, clients, isBesideWriter: isBesideWriter)
            }
        }
        for client in clients { await client.close() }
    }

    private func compare(_ scenarios: [Scenario], _ clients: [Client], isBesideWriter: Bool) async {
        var rounds = items.map { _ in [Measurement]() }
        for _ in 0..<Self.rounds {
            for (index, client) in clients.enumerated() {
                let writer = isBesideWriter ? pacedWriter(client, items[index]) : nil
                rounds[index].append(await Measurement(of: scenarios[index], on: client, seconds: Self.seconds))
                writer?.cancel()
                await writer?.value
            }
        }
        let costs = rounds.map { $0.sorted { $0.microsecondsEach < $1.microsecondsEach }[Self.rounds / 2] }
        for (index, cost) in costs.enumerated() {
            let ratio = (cost.microsecondsEach / costs[0].microsecondsEach * 100).rounded() / 100
            print("\(items[index]) items\(isBesideWriter ? ", 200 puts/s" : ""): \(ratio) × · \(cost)")
        }
        fflush(nil)
    }

    /// Two hundred commits a second: each gives the readers another snapshot to read, and costs little itself.
    private func pacedWriter(_ client: Client, _ items: Int) -> Task<Void, Never> {
        Task {
            var number: UInt64 = 0
            while !Task.isCancelled {
                let item = Int((number &* 0x9E37_79B9_7F4A_7C15) >> 20 % UInt64(items))
                let put = Request(#"{"TableName":"bench","Item":\#(Request.item(item))}"#)
                await client.call("PutItem", put.bytes(round: number))
                number += 1
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
