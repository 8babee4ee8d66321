import Glibc

/// What this process has read and used, as the kernel counts it.
enum ProcessReads {
    /// Calls of `read` and its kin.
    static var calls: Int { count("syscr: ") }

    /// Bytes that came from the disk, by calls or because a mapped page was missing.
    static var bytes: Int { count("read_bytes: ") }

    /// User and system time.
    static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func count(_ name: String) -> Int {
        let file = open("/proc/self/io", O_RDONLY)
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 512)
        let length = read(file, &text, text.count)
        for line in String(decoding: text.prefix(max(0, length)), as: UTF8.self).split(separator: "\n")
        where line.hasPrefix(name) {
            return Int(line.dropFirst(name.count)) ?? 0
        }
        return 0
    }
}
