import Glibc
import ServiceKit

/// What the supervisor tells other commands, in a file that is replaced at every change.
struct SupervisorState: Equatable {
    struct Process: Equatable {
        var name: String
        /// `nil` while it waits to be started again.
        var pid: Int?
        var restarts: Int
        var startedAt: Timestamp?
    }

    var pid: Int
    var port: Int
    var runDirectory: String
    var processes: [Process]

    private static let longestFile = 1 << 20

    /// `nil` where there never was a supervisor.
    static func read(_ path: String) throws -> SupervisorState? {
        do {
            return try SupervisorState(JSONDocument(FileBytes.read(path, limit: longestFile)).root)
        } catch let failure as FileBytes.Failure where failure.isMissing {
            return nil
        }
    }

    /// Replaces the file in one step, so that a reader never sees half of it.
    func write(_ path: String) throws {
        let draft = "\(path).new"
        unlink(draft)
        _ = try FileBytes.createPrivate(draft, encoded)
        guard rename(draft, path) == 0 else { throw FileBytes.Failure(path: path, code: errno) }
    }

    init(pid: Int, port: Int, runDirectory: String, processes: [Process]) {
        self.pid = pid
        self.port = port
        self.runDirectory = runDirectory
        self.processes = processes
    }

    init(_ json: JSONValue) {
        pid = Int(json["pid"]?.int64 ?? 0)
        port = Int(json["port"]?.int64 ?? 0)
        runDirectory = json["run"]?.string ?? ""
        processes = json["processes"].map { Array($0.elements) }.map { $0.map(Process.init) } ?? []
    }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("pid", pid)
            json.member("port", port)
            json.member("run", runDirectory)
            json.name("processes")
            json.array { json in
                for process in processes { process.write(to: &json) }
            }
        }
        return json.bytes
    }
}

extension SupervisorState.Process {
    init(_ json: JSONValue) {
        name = json["name"]?.string ?? ""
        pid = json["pid"]?.int64.map { Int($0) }
        restarts = Int(json["restarts"]?.int64 ?? 0)
        startedAt = json["started"]?.int64.map { Timestamp(milliseconds: $0) }
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("pid", pid)
            json.member("restarts", restarts)
            json.member("started", startedAt?.milliseconds)
        }
    }
}
