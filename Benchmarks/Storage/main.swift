// storage-bench <folder> [seconds]: durable puts and point gets through `Database`, beside raw fdatasync.
// storage-bench <folder> layouts <items> <bytes>: ways to lay a DynamoDB item out in SQLite, compared.

let arguments = Array(CommandLine.arguments.dropFirst())
let folder = arguments.first ?? "/tmp"
if arguments.dropFirst().first == "layouts" {
    let items = arguments.dropFirst(2).first.flatMap(Int.init) ?? 300_000
    let bytes = arguments.dropFirst(3).first.flatMap(Int.init) ?? 1000
    for pageSize in [8192, 16384] {
        for layout in Layout.all {
            print(try await LayoutMeasurement(of: layout, pageSize: pageSize, items, bytes, in: folder).description)
        }
    }
} else {
    try await measureCommits(in: folder, seconds: arguments.dropFirst().first.flatMap(Int64.init) ?? 3)
}
