// tables-bench <folder> [seconds] [items]: DynamoDB through its dispatcher, without bus and gateway.
//
// CPU is this process's user and system time over the calls: what one request costs `tables` itself.

import Bus
import DynamoDB
import Glibc
import ServiceKit

let folder = "\(CommandLine.arguments.dropFirst().first ?? "/tmp")/tables-bench"
let seconds = CommandLine.arguments.dropFirst(2).first.flatMap(Double.init) ?? 3
let itemCount = CommandLine.arguments.dropFirst(3).first.flatMap(Int.init) ?? 20000

let configuration = try Config(environment: ["APUS_DATA": folder, "APUS_LOG": "error"])
let host = try ServiceHost("tables", configuration: configuration)
let dispatcher = Dispatcher(
    try await DynamoDB.services(on: host), authorizer: RootOnly(), configuration: configuration, clock: host.clock,
    metrics: host.metrics, log: host.log)

let text = String(repeating: "0123456789abcdef", count: 56)
await call("DeleteTable", #"{"TableName":"bench"}"#, mayFail: true)
await call(
    "CreateTable",
    """
    {"TableName":"bench","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},\
    {"AttributeName":"c","AttributeType":"N"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"},\
    {"AttributeName":"c","KeyType":"RANGE"}]}
    """)
for start in stride(from: 0, to: itemCount, by: 25) {
    await call("BatchWriteItem", batch((start..<start + 25).map { ($0, 0) }))
}

await measure("GetItem, 1 KB", workers: 4) { number in
    await call("GetItem", #"{"TableName":"bench","Key":\#(key(Int(number % UInt64(itemCount))))}"#)
}
await measure("Query of 20, 1 KB each", workers: 4) { number in
    await call(
        "Query",
        """
        {"TableName":"bench","KeyConditionExpression":"p = :p","Limit":20,\
        "ExpressionAttributeValues":{":p":{"S":"\(number % UInt64(itemCount / 100))"}}}
        """)
}
await measure("PutItem, durable, 1 KB", workers: 64) { number in
    await call("PutItem", #"{"TableName":"bench","Item":\#(item(Int(number % UInt64(itemCount)), number))}"#)
}
await measure("UpdateItem, durable", workers: 64) { number in
    await call(
        "UpdateItem",
        """
        {"TableName":"bench","Key":\(key(Int(number % UInt64(itemCount)))),"UpdateExpression":"ADD n :one",\
        "ExpressionAttributeValues":{":one":{"N":"1"}}}
        """)
}
await measure("BatchWriteItem of 25, durable", workers: 16) { number in
    await call("BatchWriteItem", batch((0..<25).map { ((Int(number) &* 25 + $0) % itemCount, number) }))
}
await measure("TransactWriteItems of 2, durable", workers: 64) { number in
    let first = Int(number % UInt64(itemCount))
    let puts = [first, (first + 1) % itemCount].map {
        #"{"Put":{"TableName":"bench","Item":\#(item($0, number))}}"#
    }
    await call("TransactWriteItems", #"{"TransactItems":[\#(puts.joined(separator: ","))]}"#)
}
await host.close()

func key(_ number: Int) -> String { #"{"p":{"S":"\#(number / 100)"},"c":{"N":"\#(number % 100)"}}"# }

func item(_ number: Int, _ round: UInt64) -> String {
    """
    {"p":{"S":"\(number / 100)"},"c":{"N":"\(number % 100)"},"round":{"N":"\(round)"},"name":{"S":"a name"},\
    "ok":{"BOOL":true},"tags":{"SS":["a","b"]},"text":{"S":"\(text)"},"map":{"M":{"x":{"N":"1.5"},"y":{"S":"z"}}}}
    """
}

func batch(_ items: [(Int, UInt64)]) -> String {
    let puts = items.map { #"{"PutRequest":{"Item":\#(item($0.0, $0.1))}}"# }
    return #"{"RequestItems":{"bench":[\#(puts.joined(separator: ","))]}}"#
}

func call(_ operation: String, _ input: String, mayFail: Bool = false) async {
    let request = BusRequest(
        service: "dynamodb", operation: operation, caller: Caller.root(of: configuration.account).encoded,
        attributes: CallEnvelope.attributes(region: "us-east-1", requestID: "bench", source: Call.Source()),
        body: Array(input.utf8), deadline: .now() + .seconds(60))
    let reply = await dispatcher.handle(request)
    if reply.isError, !mayFail {
        print("\(operation): \(String(decoding: reply.body, as: UTF8.self))")
        exit(1)
    }
}

/// Calls a second, and CPU of one, by this many concurrent callers.
func measure(_ name: String, workers: Int, _ body: @escaping @Sendable (UInt64) async -> Void) async {
    let clock = ContinuousClock()
    let cpu = processSeconds()
    let start = clock.now
    let count = await withTaskGroup(of: UInt64.self) { group in
        for worker in 0..<workers {
            group.addTask {
                var count: UInt64 = 0
                while clock.now - start < .seconds(seconds) {
                    await body(((UInt64(worker) << 20 | count) &* 0x9E37_79B9_7F4A_7C15) >> 20)
                    count += 1
                }
                return count
            }
        }
        return await group.reduce(0, +)
    }
    let elapsed = (clock.now - start) / .seconds(1)
    let each = (processSeconds() - cpu) / Double(count) * 1e6
    print("\(name), \(workers) at once: \(Int(Double(count) / elapsed))/s, CPU \(Int(each.rounded())) µs each")
    fflush(nil)
}

func processSeconds() -> Double {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// The benchmark calls as root, whom no policy binds.
struct RootOnly: Authorizer {
    func require(_ permission: Permission, of service: AWSService, operation: String, in call: Call) async throws {}
}
