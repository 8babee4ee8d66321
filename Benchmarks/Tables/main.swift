// tables-bench <folder> [seconds] [items] [operation,operation…] [apus:cache]: DynamoDB through its dispatcher, without
// bus and gateway; the last argument is the value of the table's tag `apus:cache`, where it shall have one.
//
// CPU is this process's user and system time over the calls: what one request costs `tables` itself. Requests are
// made before the clock starts. `items` is a multiple of 100; partitions hold a hundred each.
//
// tables-bench <folder> growth <items> <items> …: what reads cost in tables of these sizes, in turns, alone and beside
// a writer. The tables stay in the folder for the next run.
//
// tables-bench <folder> stalls <items> [seconds] [writes a second]: how long requests wait at most in a table of this
// size while it is written all over, and what for.
//
// tables-bench <folder> cold <items> <items> …: what reads cost when the system has nothing of the files in its cache.
//
// tables-bench <folder> disk [seconds] [pages a commit] [commits a second]: how long syncs of the disk alone take.

import Glibc

let (folder, numbers) = (
    CommandLine.arguments.dropFirst().first ?? "/tmp", CommandLine.arguments.dropFirst(3).map { Int($0) ?? 0 }
)
/// The numbers that stand behind a scenario's name.
func number(_ index: Int) -> Int? { index < numbers.count ? numbers[index] : nil }

switch CommandLine.arguments.dropFirst(2).first {
case "growth": try await Growth(folder: folder, items: numbers).run()
case "cold": try await ColdReads(folder: folder, items: numbers).run()
case "stalls":
    try await Stalls(folder: folder, items: number(0) ?? 1_000_000, seconds: Double(number(1) ?? 60), rate: number(2))
        .run()
case "disk":
    try await DiskLimit(
        folder: folder, seconds: Double(number(0) ?? 20), pages: number(1) ?? 20, rate: number(2) ?? 100
    ).run()
default: try await Scenario.measureAll(Options(CommandLine.arguments))
}
