/// How much a writer does, and what its pages take.
struct WriterUse {
    /// Bytes; less is not worth being given back.
    static let smallCache = 1 << 20

    /// Told when there is memory worth giving back.
    var observer: (@Sendable () -> Void)?
    private var isLarge = false
    /// Whether the writer will give it back before it writes anything more.
    private var isLeaving = false
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

    /// Whether there is no memory worth giving back, or soon none.
    var isSmall: Bool { !isLarge || isLeaving }

    /// Whether the cache is to be emptied now: it is large, and there were only few writes since the last call.
    mutating func takeIdle() -> Bool {
        let isIdle = writes &- writesSeen < ReaderPool.fewUses
        writesSeen = writes
        guard isIdle, isLarge, !isLeaving else { return false }
        isLeaving = true
        return true
    }

    /// The writer emptied its cache.
    mutating func noteReleased() { (isLarge, isLeaving) = (false, false) }
}
