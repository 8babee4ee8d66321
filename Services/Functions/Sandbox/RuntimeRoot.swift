import Glibc

/// What functions of one runtime see as their file system, apart from their own code: a read-only picture of the host.
struct RuntimeRoot {
    private var entries: [String] = []

    /// - Parameters:
    ///   - store: the folder of unpacked packages; environments mount a part of it and lose sight of the rest.
    ///   - runtime: the folder that becomes `/var/runtime`.
    init(store: String, runtime: String?, isolation: Isolation) {
        addSystem()
        addConfiguration()
        addDevices()
        for folder in ["/tmp", "/var/task", "/opt", "/var/lang/cache"] { add("folder", folder) }
        add("store", "/.store", store)
        if let runtime { bind(runtime, at: "/var/runtime") } else { add("folder", "/var/runtime") }
        switch isolation {
        case .administrator: add("folder", "/proc")
        // The kernel lets a user namespace mount its own /proc only where one is visible; it is covered at once.
        case .userNamespace: add("store", "/proc", "/proc")
        }
    }

    /// The description as a zygote reads it: privilege first, then triples.
    func message(for isolation: Isolation) -> [UInt8] { ControlMessage.encode([isolation.rawValue] + entries) }

    private mutating func addSystem() {
        bind("/usr", at: "/usr")
        for name in ["/bin", "/sbin", "/lib", "/lib32", "/lib64"] {
            guard let resolved = TextFile.resolve(name) else { continue }
            // Merged systems link these into /usr; older ones have folders.
            if resolved.hasPrefix("/usr/") { add("link", name, resolved) } else { bind(resolved, at: name) }
        }
    }

    private mutating func addConfiguration() {
        for path in [
            "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime",
            "/etc/mime.types", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/ca-certificates.conf",
        ] {
            if let resolved = TextFile.resolve(path) { bind(resolved, at: path) }
        }
        add("file", "/etc/passwd", "root:x:0:0::/root:/sbin/nologin\nsbx_user1051:x:993:990::/tmp:/sbin/nologin\n")
        add("file", "/etc/group", "root:x:0:\nsbx_user1051:x:990:\n")
        add("file", "/etc/hosts", "127.0.0.1 localhost\n")
        add("file", "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
        add("file", "/etc/resolv.conf", "")
    }

    private mutating func addDevices() {
        for name in ["null", "zero", "full", "random", "urandom"] { add("device", "/dev/" + name, "/dev/" + name) }
        add("link", "/dev/fd", "/proc/self/fd")
        add("link", "/dev/stdin", "/proc/self/fd/0")
        add("link", "/dev/stdout", "/proc/self/fd/1")
        add("link", "/dev/stderr", "/proc/self/fd/2")
    }

    private mutating func bind(_ source: String, at target: String) {
        add("bind", target, TextFile.resolve(source) ?? source)
    }

    private mutating func add(_ operation: String, _ target: String, _ argument: String = "") {
        entries += [operation, target, argument]
    }
}
