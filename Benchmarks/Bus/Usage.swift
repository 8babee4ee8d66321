#if canImport(Glibc)
    import Glibc
#endif

/// What this process has used so far.
struct Usage {
    let cpuMicroseconds: Int
    let peakBytes: Int

    static func now() -> Usage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let user = usage.ru_utime.tv_sec * 1_000_000 + Int(usage.ru_utime.tv_usec)
        let system = usage.ru_stime.tv_sec * 1_000_000 + Int(usage.ru_stime.tv_usec)
        return Usage(cpuMicroseconds: user + system, peakBytes: usage.ru_maxrss * 1024)
    }

    init(cpuMicroseconds: Int, peakBytes: Int) {
        self.cpuMicroseconds = cpuMicroseconds
        self.peakBytes = peakBytes
    }

    init?(_ bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard parts.count == 2 else { return nil }
        self.init(cpuMicroseconds: parts[0], peakBytes: parts[1])
    }

    var encoded: [UInt8] { Array("\(cpuMicroseconds) \(peakBytes)".utf8) }
}
