// storage-bench <folder> [seconds]: durable puts and point gets through `Database`, beside raw fdatasync.
// storage-bench <folder> layouts <items> <bytes>: ways to lay a DynamoDB item out in SQLite, filled in random order.
// storage-bench <folder> growth <items> <bytes>: the same at ten thousand items and at that many, filled in order.

let arguments = Array(CommandLine.arguments.dropFirst())
let folder = arguments.first ?? "/tmp"
let items = arguments.dropFirst(2).first.flatMap(Int.init) ?? 300_000
let bytes = arguments.dropFirst(3).first.flatMap(Int.init) ?? 1000

switch arguments.dropFirst().first {
case "layouts":
    for pageSize in [8192, 16384] {
        for layout in Layout.all {
            let filling = LayoutMeasurement.Filling(items: items, bytes: bytes, isOrdered: false)
            print(try await LayoutMeasurement(of: layout, pageSize: pageSize, filling, in: folder).description)
        }
    }
case "growth":
    for layout in Layout.all {
        for count in [10000, items] {
            let filling = LayoutMeasurement.Filling(items: count, bytes: bytes, isOrdered: true)
            print("\(count) items, ", terminator: "")
            print(try await LayoutMeasurement(of: layout, pageSize: 8192, filling, in: folder).description)
        }
    }
case let seconds:
    try await measureCommits(in: folder, seconds: seconds.flatMap(Int64.init) ?? 3)
}
