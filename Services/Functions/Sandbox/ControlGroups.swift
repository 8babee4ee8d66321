import Glibc
import Synchronization

/// The kernel's resource control, in whichever version this machine lets us use.
public struct ControlGroups: Sendable {
    enum Version: Sendable { case one, two }

    let version: Version?
    /// The folder below which environments get theirs, by controller; version 2 has one for all.
    let folders: [String: String]
    private static let controllers = ["memory", "pids", "cpu", "freezer"]
    private static let count = Atomic<Int>(0)

    public var limitsMemory: Bool { folders["memory"] != nil }
    public var freezes: Bool { folders["freezer"] != nil }

    /// One sentence for the log and `apus doctor`.
    public var summary: String {
        guard let version else { return "limits by setrlimit only: no control group is writable" }
        let missing = Self.controllers.filter { folders[$0] == nil }
        let found = Self.controllers.filter { folders[$0] != nil }.joined(separator: ", ")
        let rest = missing.isEmpty ? "" : "; not available: \(missing.joined(separator: ", "))"
        return "\(found) by control groups version \(version == .one ? 1 : 2)\(rest)"
    }

    /// No control groups: what an unprivileged process usually has.
    public static let none = ControlGroups(version: nil, folders: [:])

    /// Finds the groups this process may make children in.
    ///
    /// - Parameter delegated: a version 2 folder prepared by the operator (`APUS_CGROUP`).
    public static func available(delegated: String? = nil) -> ControlGroups {
        let mounts = TextFile.read("/proc/self/mounts") ?? ""
        let own = ownPaths(TextFile.read("/proc/self/cgroup") ?? "")
        if let groups = versionTwo(mounts: mounts, own: own[""] ?? "/", delegated: delegated) { return groups }
        return versionOne(mounts: mounts, own: own)
    }

    /// Makes the group of one environment; none runs without the limits this machine has.
    func make(named name: String) throws(SandboxError) -> ControlGroup {
        var paths: [String: String] = [:]
        for (controller, folder) in folders {
            let path = "\(folder)/\(name)"
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .system("mkdir \(path)", errno) }
            paths[controller] = path
        }
        let freezer = paths.removeValue(forKey: "freezer").flatMap { path in
            // In version 2 one group holds everything; what is frozen is a part of it.
            version == .one ? path : Self.made("\(path)/runtime")
        }
        return ControlGroup(version: version ?? .one, paths: paths, freezer: freezer)
    }

    private static func made(_ folder: String) -> String? {
        mkdir(folder, 0o755) == 0 || errno == EEXIST ? folder : nil
    }

    /// Removes what processes that are no more left behind in `folder`.
    private static func removeLeftovers(in folder: String) {
        for name in entries(of: folder) where name.hasPrefix("apus-") {
            let process = name.dropFirst("apus-".count).prefix { $0 != "." }
            guard let process = pid_t(process), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            for environment in entries(of: "\(folder)/\(name)") where !environment.hasPrefix(".") {
                let path = "\(folder)/\(name)/\(environment)"
                rmdir("\(path)/runtime")
                rmdir(path)
            }
            rmdir("\(folder)/\(name)")
        }
    }

    /// Of this process and of nobody else in it, so that whoever removes it takes nothing away from others.
    private static func uniqueName() -> String {
        "apus-\(getpid()).\(count.add(1, ordering: .relaxed).newValue)"
    }

    private static func entries(of folder: String) -> [String] {
        guard let listing = opendir(folder) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }

    /// Removes the groups this process made; their environments have ended.
    func remove() {
        for folder in Set(folders.values) { rmdir(folder) }
    }

    /// `4:memory:/some/path` → `["memory": "/some/path"]`; version 2 is the empty name.
    private static func ownPaths(_ text: String) -> [String: String] {
        var paths: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                paths[String(controller)] = parts[2] == "/" ? "" : String(parts[2])
            }
        }
        return paths
    }

    private static func versionOne(mounts: String, own: [String: String]) -> ControlGroups {
        var folders: [String: String] = [:]
        let name = uniqueName()
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[2] == "cgroup" else { continue }
            for controller in fields[3].split(separator: ",").map(String.init) where controllers.contains(controller) {
                removeLeftovers(in: "\(fields[1])\(own[controller] ?? "")")
                let folder = "\(fields[1])\(own[controller] ?? "")/\(name)"
                if mkdir(folder, 0o755) == 0 || errno == EEXIST { folders[controller] = folder }
            }
        }
        return folders.isEmpty ? .none : ControlGroups(version: .one, folders: folders)
    }

    private static func versionTwo(mounts: String, own: String, delegated: String?) -> ControlGroups? {
        let mount = mounts.split(separator: "\n").map { $0.split(separator: " ") }
            .first { $0.count > 2 && $0[2] == "cgroup2" }
        guard let mount else { return nil }
        let folder = delegated ?? "\(mount[1])\(own)"
        let offered = Set((TextFile.read(folder + "/cgroup.controllers") ?? "").split { $0 == " " || $0 == "\n" })
        let wanted = ["memory", "pids", "cpu"].filter { offered.contains(Substring($0)) }
        guard !wanted.isEmpty else { return nil }
        if delegated == nil, !moveAside(from: folder) { return nil }
        removeLeftovers(in: folder)
        let base = "\(folder)/\(uniqueName())"
        guard enable(wanted, in: folder), mkdir(base, 0o755) == 0 || errno == EEXIST, enable(wanted, in: base) else {
            return nil
        }
        // Freezing belongs to every version 2 group.
        let usable = wanted + ["freezer"]
        return ControlGroups(version: .two, folders: Dictionary(uniqueKeysWithValues: usable.map { ($0, base) }))
    }

    private static func enable(_ controllers: [String], in folder: String) -> Bool {
        TextFile.write(controllers.map { "+" + $0 }.joined(separator: " "), to: folder + "/cgroup.subtree_control")
    }

    /// Version 2 gives controllers to children only of groups without processes of their own.
    private static func moveAside(from folder: String) -> Bool {
        let leaf = folder + "/supervisor"
        guard mkdir(leaf, 0o755) == 0 || errno == EEXIST else { return false }
        for process in (TextFile.read(folder + "/cgroup.procs") ?? "").split(separator: "\n") {
            TextFile.write(String(process), to: leaf + "/cgroup.procs")
        }
        return true
    }
}
