import Bus
import DynamoDB
import Glibc
import ServiceKit

/// Calls DynamoDB as the bus would, as root, whom no policy binds.
final class Client: Sendable {
    private struct RootOnly: Authorizer {
        func require(_ permission: Permission, of service: AWSService, operation: String, in call: Call) async throws {}
    }

    let database: Database
    private let path: String
    private let host: ServiceHost
    private let dispatcher: Dispatcher
    private let caller: [UInt8]
    private let attributes = CallEnvelope.attributes(region: "us-east-1", requestID: "bench", source: Call.Source())

    /// Opens what an earlier run left in the folder, or makes it.
    init(folder: String) async throws {
        let configuration = try Config(environment: ["APUS_DATA": folder, "APUS_LOG": "error"])
        host = try ServiceHost("tables", configuration: configuration)
        database = try DynamoDB.database(on: host)
        dispatcher = Dispatcher(
            try await DynamoDB.services(on: host, database), authorizer: RootOnly(), configuration: configuration,
            clock: host.clock, metrics: host.metrics, log: host.log)
        caller = Caller.root(of: configuration.account).encoded
        path = "\(folder)/tables/tables.db"
    }

    func close() async { await host.close() }

    /// What happens without requests: expiry above all.
    func startWorkers() { host.startWorkers() }

    /// Has items expire by their attribute `end`.
    func expireItems() async {
        let setting = #""TimeToLiveSpecification":{"Enabled":true,"AttributeName":"end"}"#
        await call("UpdateTimeToLive", Array(#"{"TableName":"bench",\#(setting)}"#.utf8), mayFail: true)
    }

    /// Has the system forget what it holds of the database file, and this process, too.
    func dropCaches() {
        // A page that a process maps stays.
        while !database.releaseIdleMemory() {}
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { Glibc.close(file) }
        fsync(file)
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
    }

    /// Bytes of the database, without its write-ahead log.
    var fileSize: Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    @discardableResult
    func call(_ operation: String, _ body: [UInt8], mayFail: Bool = false) async -> [UInt8] {
        let request = BusRequest(
            service: "dynamodb", operation: operation, caller: caller, attributes: attributes, body: body,
            deadline: .now() + .seconds(60))
        let reply = await dispatcher.handle(request)
        if reply.isError, !mayFail {
            print("\(operation): \(String(decoding: reply.body, as: UTF8.self))")
            exit(1)
        }
        return reply.body
    }

    /// Pages must hold the items they count: what is measured is right.
    func check(_ scenario: Scenario) async throws {
        guard scenario.operation == "Query", let request = scenario.requests.first else { return }
        let answer = try JSONDocument(await call(scenario.operation, request.bytes)).root
        let texts = answer["Items"]?.elements.compactMap { $0["text"]?["S"]?.string?.utf8.count } ?? []
        guard texts.count > 0, texts.count == answer["Count"]?.int64.map(Int.init), texts.allSatisfy({ $0 == 896 })
        else {
            print("\(scenario.name): a wrong answer")
            exit(1)
        }
    }

    func createTable(_ name: String = "bench", cache: String? = nil) async {
        let tags = cache.map { #","Tags":[{"Key":"apus:cache","Value":"\#($0)"}]"# } ?? ""
        await call("DeleteTable", Array(#"{"TableName":"\#(name)"}"#.utf8), mayFail: true)
        await call(
            "CreateTable",
            Array(
                """
                {"TableName":"\(name)","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p",\
                "AttributeType":"S"},{"AttributeName":"c","AttributeType":"N"}],"KeySchema":[{"AttributeName":"p",\
                "KeyType":"HASH"},{"AttributeName":"c","KeyType":"RANGE"}]\(tags)}
                """.utf8))
    }

    /// Partition after partition: their order in the file is that of their hashes.
    func fill(items count: Int) async {
        await withTaskGroup(of: Void.self) { group in
            let workers = 16
            for worker in 0..<workers {
                group.addTask {
                    for start in stride(from: worker * 25, to: count, by: workers * 25) {
                        await self.call("BatchWriteItem", Request.batch(Array(start..<start + 25)).bytes)
                    }
                }
            }
        }
    }
}
