// tables-bench <folder> [seconds] [items] [operation,operation…] [apus:cache]: DynamoDB through its dispatcher, without
// bus and gateway; the last argument is the value of the table's tag `apus:cache`, where it shall have one.
//
// CPU is this process's user and system time over the calls: what one request costs `tables` itself. Requests are
// made before the clock starts. `items` is a multiple of 100; partitions hold a hundred each.
//
// tables-bench <folder> growth <items> <items> …: what reads cost in tables of these sizes, in turns, alone and beside
// a writer. The tables stay in the folder for the next run.

import Glibc

if CommandLine.arguments.dropFirst(2).first == "growth" {
    try await Growth(folder: CommandLine.arguments[1], items: CommandLine.arguments.dropFirst(3).map { Int($0) ?? 0 })
        .run()
    exit(0)
}

let options = Options(CommandLine.arguments)
let client = try await Client(folder: options.folder)
await client.createTable(cache: options.cache)
await client.fill(items: options.items)
print("\(options.items) items, \(client.fileSize >> 20) MiB, \(client.fileSize / options.items) bytes each")

for scenario in Scenario.all(items: options.items) where options.wants(scenario.name) {
    try await client.check(scenario)
    print(await Measurement(of: scenario, on: client, seconds: options.seconds).description)
    fflush(nil)
}
await client.close()
