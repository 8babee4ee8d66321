import Glibc

/// Which privileges isolation is built with on this machine.
public enum Isolation: String, Sendable {
    /// The supervisor administers its system: every environment gets a user of its own.
    case administrator
    /// The supervisor is unprivileged: a user namespace, in which one user runs all environments.
    case userNamespace = "user-namespace"

    private static let systemAdministration: UInt64 = 1 << 21

    /// What this process may do, by its effective capabilities.
    public static func available() -> Isolation {
        guard geteuid() == 0, let status = TextFile.read("/proc/self/status"),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
            let capabilities = UInt64(line.dropFirst("CapEff:".count).drop { $0 == "\t" }, radix: 16)
        else { return .userNamespace }
        return capabilities & systemAdministration != 0 ? .administrator : .userNamespace
    }
}
