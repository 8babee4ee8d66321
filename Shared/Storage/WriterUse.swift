/// How much a writer does, and what its pages take.
struct WriterUse {
    /// Bytes; less is not worth being given back.
    static let smallCache = 1 << 20

    /// Told when there is memory worth giving back.
    var observer: (@Sendable () -> Void)?
    /// Whether there is, and was no request to give it back.
    private(set) var isLarge = false
    private var writes = 0
    /// `writes` at the last look whether somebody writes.
    private var writesSeen = 0

    /// - Returns: whom to tell that the cache has become large.
    mutating func note(writes count: Int, cache bytes: Int) -> (@Sendable () -> Void)? {
        writes &+= count
        guard !isLarge, bytes > Self.smallCache else { return nil }
        isLarge = true
        return observer
    }

    /// Whether the cache is to be emptied: it is large, and there were only few writes since the last call.
    mutating func takeIdle() -> Bool {
        let isIdle = writes &- writesSeen < ReaderPool.fewUses
        writesSeen = writes
        guard isIdle, isLarge else { return false }
        isLarge = false
        return true
    }
}
