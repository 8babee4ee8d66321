#if canImport(Glibc)
    import Glibc
#endif

/// Whether a process stands still by somebody's will: it was sent SIGSTOP, or a debugger holds it.
///
/// `false` also for one that cannot be seen. [proc_pid_stat(5)](https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)
func isStopped(_ process: pid_t) -> Bool {
    let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 256)
    let count = read(file, &text, text.count)
    // `pid (name) state`; the name may hold anything, parentheses too.
    guard count > 0, let name = text[..<count].lastIndex(of: UInt8(ascii: ")")), name + 2 < count else { return false }
    return [UInt8(ascii: "T"), UInt8(ascii: "t")].contains(text[name + 2])
}
