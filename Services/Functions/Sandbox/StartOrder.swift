/// What turns a blank environment into one function's.
public struct StartOrder: Sendable {
    /// The command, where it is not the one that serves the runtime's functions.
    public var command: [String]?
    /// The command's last arguments: the handler's name, where the runtime's command takes it.
    public var arguments: [String] = []
    public var variables: [String: String] = [:]
    /// The unpacked package, relative to the store: becomes `/var/task`.
    public var code: String
    /// The unpacked layers, relative to the store: become `/opt`.
    public var layers: String?
    /// The byte-code of the package, relative to the store.
    public var cache: String?
    /// Lets the environment write its cache and nothing else: for compiling a package.
    public var writesCache = false
    public var memoryMegabytes: Int
    /// The size of `/tmp`.
    public var storageMegabytes: Int

    public init(code: String, memoryMegabytes: Int = 128, storageMegabytes: Int = 512) {
        self.code = code
        self.memoryMegabytes = memoryMegabytes
        self.storageMegabytes = storageMegabytes
    }

    /// AWS's documented limits for one environment: 1,024 processes and threads, 1,024 open files.
    private static let processLimit = 1024
    private static let fileLimit = 1024
    /// A heap beyond the function's memory that interpreters reserve without using it, where only rlimits watch.
    private static let dataAllowanceMegabytes = 64

    func message(runtime: Runtime, user: UInt32?, limitsMemory: Bool) -> [UInt8] {
        var pairs = [
            "temporary", "\(storageMegabytes)m", "limit-core", "0", "limit-processes", "\(Self.processLimit)",
            "limit-files", "\(Self.fileLimit)", "code", code,
        ]
        if let user { pairs += ["uid", "\(user)"] }
        if let layers { pairs += ["layers", layers] }
        if let cache { pairs += [writesCache ? "cache-writable" : "cache", cache] }
        if limitsMemory { pairs += ["limit-data", "\((memoryMegabytes + Self.dataAllowanceMegabytes) << 20)"] }
        for (name, value) in variables { pairs += ["variable", "\(name)=\(value)"] }
        for argument in command ?? runtime.command { pairs += ["argument", argument] }
        if runtime.takesHandler { for argument in arguments { pairs += ["argument", argument] } }
        return [ControlMessage.Kind.start.rawValue] + ControlMessage.encode(pairs)
    }
}
