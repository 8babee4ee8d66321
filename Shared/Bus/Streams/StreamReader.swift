import Bytes
import Synchronization

/// The receiving end of a stream: keeps at most a window of pieces, and asks for more as they are read.
final class StreamReader: Sendable {
    private enum Piece {
        case bytes([UInt8])
        case file(HandedFile)
    }
    private enum End {
        case finished
        case failed(any Error)
    }
    private struct State {
        var pieces: [Piece] = []
        /// The piece that is being read.
        var file: HandedFile?
        var received: UInt32 = 0
        var taken: UInt32 = 0
        var granted: UInt32
        var end: End?
        var waiter: CheckedContinuation<Piece?, any Error>?
    }

    private let diskWork: DiskWork?
    private let window: UInt32
    private let signal: @Sendable (StreamSignal) -> Void
    private let state: Mutex<State>

    /// - Parameter diskWork: where files are read that others hand over, the first of them without credit; `nil`: they
    ///   must not be.
    init(window: Int, diskWork: DiskWork? = nil, signal: @escaping @Sendable (StreamSignal) -> Void) {
        self.diskWork = diskWork
        self.window = UInt32(clamping: max(window, 1))
        self.signal = signal
        state = Mutex(State(granted: diskWork == nil ? 0 : 1))
    }

    /// The stream for whoever reads. When the last copy is dropped, the writer is told to stop.
    func stream(length: Int?) -> ByteStream {
        let holder = Holder(reader: self)
        return ByteStream(length: length) { try await holder.reader.next() }
    }

    private final class Holder: Sendable {
        let reader: StreamReader
        init(reader: StreamReader) { self.reader = reader }
        deinit { reader.abandon() }
    }

    // MARK: The reading task

    private func next() async throws -> [UInt8]? {
        while true {
            if let file = state.withLock({ $0.file }) {
                if let bytes = try await file.next() { return bytes }
                state.withLock { $0.file = nil }
            }
            switch try await nextPiece() {
            case .bytes(let bytes): return bytes
            case .file(let file): state.withLock { $0.file = file }
            case nil: return nil
            }
        }
    }

    private func nextPiece() async throws -> Piece? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let result = take(orWaitWith: continuation) { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiter.take() }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func take(
        orWaitWith continuation: CheckedContinuation<Piece?, any Error>
    ) -> Result<Piece?, any Error>? {
        state.withLock { state in
            if !state.pieces.isEmpty {
                let piece = state.pieces.removeFirst()
                state.taken &+= 1
                grant(&state)
                return .success(piece)
            }
            switch state.end {
            case .finished: return .success(nil)
            case .failed(let error): return .failure(error)
            case nil: break
            }
            if Task.isCancelled || state.waiter != nil { return .failure(CancellationError()) }
            state.waiter = continuation
            grant(&state)
            return nil
        }
    }

    /// Half a window at a time, so that the writer never waits for a reader that keeps up.
    private func grant(_ state: inout State) {
        guard state.end == nil, state.granted &- state.taken <= window / 2 else { return }
        state.granted = state.taken &+ window
        signal(.credit(state.granted))
    }

    private func abandon() {
        let wasOpen = state.withLock { state in
            defer {
                state.end = .failed(CancellationError())
                state.pieces = []
                state.file = nil
            }
            return state.end == nil
        }
        if wasOpen { signal(.abandon) }
    }

    // MARK: The thread of the sockets

    /// `false` if the writer broke the rules: more than it had credit for, out of order, or too large.
    func deliver(_ message: Message) -> Bool {
        guard let piece = try? piece(message) else { return false }
        let (isAllowed, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Piece?, any Error>?) in
            // What arrives after the reader lost interest was on its way already.
            guard state.end == nil else { return (true, nil) }
            guard message.header.chunk == state.received, state.received != state.granted else { return (false, nil) }
            state.received &+= 1
            guard let waiter = state.waiter.take() else {
                state.pieces.append(piece)
                return (true, nil)
            }
            state.taken &+= 1
            grant(&state)
            return (true, waiter)
        }
        waiter?.resume(returning: piece)
        return isAllowed
    }

    /// - Throws: `BusError` for a piece that is none, or for a file that nobody asked for or that was lost on its way.
    private func piece(_ message: Message) throws -> Piece {
        if message.header.flags.contains(.file) {
            guard let diskWork, let file = message.file else {
                throw BusError.protocolViolation("a file that cannot be taken")
            }
            return .file(try HandedFile(try FileStretch(message.body, of: file), diskWork))
        }
        guard !message.body.isEmpty, message.body.count <= BusLimits.chunkBytes else {
            throw BusError.protocolViolation("a piece of a wrong size")
        }
        return .bytes([UInt8](message.body))
    }

    /// The end, which must come after exactly `number` chunks.
    func finish(after number: UInt32) {
        let isComplete = state.withLock { $0.received == number }
        end(isComplete ? .finished : .failed(ByteStreamError.truncated))
    }

    func fail(_ error: any Error) { end(.failed(error)) }

    private func end(_ end: End) {
        let waiter = state.withLock { state in
            if state.end == nil { state.end = end }
            return state.waiter.take()
        }
        switch end {
        case .finished: waiter?.resume(returning: nil)
        case .failed(let error): waiter?.resume(throwing: error)
        }
    }
}
