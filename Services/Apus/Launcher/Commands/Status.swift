import Bus
import Glibc
import ServiceKit

/// `apus status`: exit code 0 when everything runs and answers, 3 when nothing runs.
struct Status {
    let stack: Stack

    struct Row: Equatable {
        var name: String
        var pid: String
        var health: String
        var restarts: String
        var uptime: String
        var memory: String
    }

    func run() async throws -> Int32 {
        guard stack.isRunning, let state = try SupervisorState.read(stack.statePath) else {
            Terminal.say("The stack in \(stack.dataDirectory) is not running.")
            return 3
        }
        let healthy = await health(of: state)
        var total = ProcessMemory.proportional(of: state.pid) ?? 0
        var rows = [
            Row(
                name: "supervisor", pid: String(state.pid), health: "ok", restarts: "", uptime: "",
                memory: Self.megabytes(total))
        ]
        for process in state.processes {
            let memory = process.pid.flatMap(ProcessMemory.proportional)
            total += memory ?? 0
            rows.append(Row(process, isHealthy: healthy.contains(process.name), memory: memory, now: .now()))
        }
        Terminal.say(Self.table(rows))
        Terminal.say("\nEndpoint \(stack.scheme)://127.0.0.1:\(state.port), \(Self.megabytes(total)) in all")
        return state.processes.allSatisfy { healthy.contains($0.name) } ? 0 : 1
    }

    /// The names of those that answer over the bus.
    private func health(of state: SupervisorState) async -> Set<String> {
        let client = BusClient(routes: LocalRoutes(directory: state.runDirectory))
        defer { client.close() }
        return await withTaskGroup(of: String?.self) { group in
            for process in state.processes where process.pid != nil {
                group.addTask {
                    let request = BusRequest(
                        service: "apus.host", operation: "Health", caller: Caller.service("healthcheck.apus").encoded,
                        deadline: .now() + .seconds(2))
                    let reply = try? await client.call(process.name, request)
                    return reply?.isError == false ? process.name : nil
                }
            }
            return await group.reduce(into: []) { names, name in
                if let name { names.insert(name) }
            }
        }
    }

    /// With one decimal.
    static func megabytes(_ bytes: Int) -> String {
        let tenths = bytes * 10 / (1 << 20)
        return "\(tenths / 10).\(tenths % 10) MB"
    }

    static func table(_ rows: [Row]) -> String {
        let header = ["NAME", "PID", "HEALTH", "RESTARTS", "UPTIME", "MEMORY (PSS)"]
        let cells = [header] + rows.map { [$0.name, $0.pid, $0.health, $0.restarts, $0.uptime, $0.memory] }
        return Terminal.table(cells)
    }
}

extension Status.Row {
    init(_ process: SupervisorState.Process, isHealthy: Bool, memory: Int?, now: Timestamp) {
        name = process.name
        pid = process.pid.map(String.init) ?? "-"
        health = process.pid == nil ? "waiting to restart" : isHealthy ? "ok" : "no answer"
        restarts = String(process.restarts)
        uptime = process.startedAt.map { Self.short(now - $0) } ?? "-"
        self.memory = memory.map(Status.megabytes) ?? "-"
    }

    /// `5s`, `3m`, `2h`, `9d`
    private static func short(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        return switch seconds {
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }
}

/// Memory of other processes, from `/proc`.
enum ProcessMemory {
    /// Proportional set size in bytes: shared pages count for their share. `nil` for a process that is gone.
    static func proportional(of pid: Int) -> Int? {
        guard let bytes = try? FileBytes.read("/proc/\(pid)/smaps_rollup", limit: 1 << 16) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("Pss:") {
            return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 }
        }
        return nil
    }
}
