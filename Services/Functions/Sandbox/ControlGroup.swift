import Bytes
import Glibc

/// The resource limits of one environment.
struct ControlGroup: Sendable {
    let version: ControlGroups.Version
    /// The group's folder, by controller.
    let paths: [String: String]
    /// The folder of the group that is frozen while nothing is asked of the environment.
    let freezer: String?

    /// The share of the machine one environment may have: processes and threads, as AWS limits them, and init's two.
    private static let processLimit = 1026
    /// AWS gives one processor's worth of time at this much memory.
    private static let megabytesPerProcessor = 1769

    /// What a zygote needs to put an environment into its groups, in its order: see apus_zygote_next.
    func openForMembers() throws(SandboxError) -> [OwnedDescriptor] {
        var files = freezer.map { ["\($0)/cgroup.procs", "\($0)/\(stateFile)"] } ?? []
        files += Set(paths.values).map { $0 + "/cgroup.procs" }
        var opened: [OwnedDescriptor] = []
        for path in files {
            let file = open(path, O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { throw .system(path, errno) }
            opened.append(OwnedDescriptor(file))
        }
        return opened
    }

    /// What thaws the environment when written to its freezer's state; empty without a freezer.
    var thaw: String { freezer == nil ? "" : version == .one ? "THAWED" : "0" }
    private var stateFile: String { version == .one ? "freezer.state" : "cgroup.freeze" }

    func limit(memoryMegabytes: Int) {
        // Time is shared by weight and capped generously: starting up must not take a small function seconds.
        let percent = max(100, memoryMegabytes * 100 / Self.megabytesPerProcessor)
        let bytes = "\(memoryMegabytes << 20)"
        switch version {
        case .one:
            set("memory", "memory.limit_in_bytes", bytes)
            set("memory", "memory.memsw.limit_in_bytes", bytes)
            set("pids", "pids.max", "\(Self.processLimit)")
            set("cpu", "cpu.shares", "\(max(2, 1024 * memoryMegabytes / Self.megabytesPerProcessor))")
            set("cpu", "cpu.cfs_quota_us", "\(percent * 1000)")
        case .two:
            set("memory", "memory.max", bytes)
            set("memory", "memory.swap.max", "0")
            set("pids", "pids.max", "\(Self.processLimit)")
            set("cpu", "cpu.weight", "\(min(10_000, max(1, 100 * memoryMegabytes / Self.megabytesPerProcessor)))")
            set("cpu", "cpu.max", "\(percent * 1000) 100000")
        }
    }

    func freeze(_ frozen: Bool) {
        guard let freezer else { return }
        TextFile.write(frozen ? (version == .one ? "FROZEN" : "1") : thaw, to: "\(freezer)/\(stateFile)")
    }

    /// Whether the kernel killed a process of this group for its memory.
    var ranOutOfMemory: Bool {
        guard let path = paths["memory"] else { return false }
        let file = version == .one ? "memory.oom_control" : "memory.events"
        let line = TextFile.read("\(path)/\(file)")?.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.map { $0 != "oom_kill 0" } ?? false
    }

    /// The most memory it used, in megabytes rounded up.
    var peakMegabytes: Int? {
        guard let path = paths["memory"] else { return nil }
        let file = version == .one ? "memory.max_usage_in_bytes" : "memory.peak"
        let bytes = TextFile.read("\(path)/\(file)").flatMap { Int($0.prefix { $0.isNumber }) }
        return bytes.map { ($0 + (1 << 20) - 1) >> 20 }
    }

    /// Whether all folders are gone; they stay as long as a process is ending in them.
    func remove() -> Bool {
        ((freezer.map { [$0] } ?? []) + Set(paths.values)).allSatisfy { rmdir($0) == 0 || errno == ENOENT }
    }

    private func set(_ controller: String, _ file: String, _ value: String) {
        if let path = paths[controller] { TextFile.write(value, to: "\(path)/\(file)") }
    }
}
