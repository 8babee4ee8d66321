import Bytes
import Synchronization

/// The sending end of a stream: pulls its source as fast as the reader grants credit.
///
/// Small pieces go out at once while there is credit, and grow together while there is none.
final class StreamWriter: Sendable {
    private struct State {
        /// `nil` once the pump took it, or the reader left.
        var source: ByteStream?
        var pump: Task<Void, Never>?
        var unsent: [UInt8] = []
        /// Waits for credit; where there is one, no bytes do.
        var unsentFile: FileStretch?
        /// Where in `unsent` the bytes begin that were not sent yet.
        var offset = 0
        var sent: UInt32 = 0
        var granted: UInt32 = 0
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?

        var unsentCount: Int { unsent.count - offset + (unsentFile == nil ? 0 : 1) }
    }

    /// Without credit the source is pulled until this much waits.
    private static let enoughBytes = 256 << 10

    /// The least that is worth its reader's trouble.
    private static let handedBytes = 256 << 10

    private let handsFilesOver: Bool
    private let signal: @Sendable (StreamSignal) -> Void
    private let state: Mutex<State>

    /// - Parameter readerTakesFiles: whether files may be handed over instead of their bytes.
    init(_ source: ByteStream, readerTakesFiles: Bool = false, signal: @escaping @Sendable (StreamSignal) -> Void) {
        self.signal = signal
        handsFilesOver = readerTakesFiles && source.length ?? 0 >= Self.handedBytes
        state = Mutex(State(source: source))
    }

    /// Whether the source was touched: only an untouched one can be sent to another replica.
    var hasBegun: Bool { state.withLock { $0.source == nil } }

    /// Gives the untouched source back.
    func takeSource() -> ByteStream? { state.withLock { $0.source.take() } }

    /// Begins to hand files over, where it does: the first needs no credit of a reader who takes files.
    func begin() {
        if handsFilesOver { grant(upTo: 1) }
    }

    /// The reader accepts the chunks below `limit`. The first grant starts the pump.
    func grant(upTo limit: UInt32) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            // Credit only grows; a grant far ahead of what was sent is nonsense.
            guard !state.isClosed, limit &- state.sent <= 1 << 16 else { return nil }
            state.granted = limit
            if let source = state.source.take() {
                state.pump = Task { await self.run(source) }
            }
            sendUnsent(&state)
            return state.unsentCount < Self.enoughBytes ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// The reader left: stop pulling, and let the source go.
    func close() {
        let (waiter, pump) = state.withLock { state in
            state.isClosed = true
            state.unsent = []
            state.offset = 0
            state.unsentFile = nil
            state.source = nil
            return (state.waiter.take(), state.pump.take())
        }
        pump?.cancel()
        waiter?.resume()
    }

    private func run(_ source: ByteStream) async {
        do {
            if handsFilesOver, let nextStretch = source.nextStretch {
                while let stretch = try await nextStretch() {
                    guard await write(stretch) else { return }
                }
            } else {
                while let chunk = try await source.next() {
                    guard await write(chunk) else { return }
                }
            }
            await waitUntilUnsent(isBelow: 1)
            conclude { .end($0) }
        } catch {
            conclude { .failed($0) }
        }
    }

    /// `false` once the reader left.
    private func write(_ chunk: [UInt8]) async -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return }
            if state.unsentCount == 0 {
                state.unsent = chunk
                state.offset = 0
            } else {
                state.unsent += chunk
            }
            sendUnsent(&state)
        }
        await waitUntilUnsent(isBelow: Self.enoughBytes)
        return state.withLock { !$0.isClosed }
    }

    /// As above.
    private func write(_ stretch: FileStretch) async -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.unsentFile = stretch
            sendUnsent(&state)
        }
        await waitUntilUnsent(isBelow: 1)
        return state.withLock { !$0.isClosed }
    }

    /// Under the lock, so that chunks leave in the order of their numbers.
    private func sendUnsent(_ state: inout State) {
        if let stretch = state.unsentFile {
            guard state.granted != state.sent else { return }
            state.unsentFile = nil
            signal(.file(state.sent, stretch))
            state.sent &+= 1
        }
        while state.unsentCount > 0, state.granted != state.sent {
            if state.offset == 0, state.unsent.count <= BusLimits.chunkBytes {
                signal(.chunk(state.sent, state.unsent))
                state.unsent = []
            } else {
                let end = min(state.offset + BusLimits.chunkBytes, state.unsent.count)
                signal(.chunk(state.sent, Array(state.unsent[state.offset..<end])))
                state.offset = end
                if end == state.unsent.count {
                    state.unsent = []
                    state.offset = 0
                }
            }
            state.sent &+= 1
        }
    }

    private func waitUntilUnsent(isBelow count: Int) async {
        while state.withLock({ !$0.isClosed && $0.unsentCount >= count }) {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state in
                    if state.isClosed || state.unsentCount < count { return true }
                    state.waiter = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        }
    }

    private func conclude(_ makeSignal: (UInt32) -> StreamSignal) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            state.pump = nil
            signal(makeSignal(state.sent))
        }
    }
}
