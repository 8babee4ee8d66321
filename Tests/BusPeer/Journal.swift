#if canImport(Glibc)
    import Glibc
#endif

/// Lines for the test to read, also after this process was killed.
struct Journal: Sendable {
    private let file: Int32

    init(path: String) {
        file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { fatalError("cannot write \(path)") }
    }

    func note(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(file, bytes, bytes.count)
    }
}
