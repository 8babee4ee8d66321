// The process that StorageTests kill: `storage-crash work <folder> <notes>` or `storage-crash full <folder>`.

let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "work" where arguments.count == 4:
    try await Workload(folder: arguments[2]).run(notes: Int(arguments[3]) ?? 0)
    say("done")
case "full" where arguments.count == 3:
    try await runFullDisk(folder: arguments[2])
default:
    say("usage: storage-crash work <folder> <notes> | full <folder>")
}
