import Bytes
import Synchronization

/// The receiving end of a stream: keeps at most a window of chunks, and asks for more as they are read.
final class StreamReader: Sendable {
    private enum End {
        case finished
        case failed(any Error)
    }
    private struct State {
        var chunks: [[UInt8]] = []
        var received: UInt32 = 0
        var taken: UInt32 = 0
        var granted: UInt32 = 0
        var end: End?
        var waiter: CheckedContinuation<[UInt8]?, any Error>?
    }

    private let window: UInt32
    private let signal: @Sendable (StreamSignal) -> Void
    private let state = Mutex(State())

    init(window: Int, signal: @escaping @Sendable (StreamSignal) -> Void) {
        self.window = UInt32(clamping: max(window, 1))
        self.signal = signal
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
        orWaitWith continuation: CheckedContinuation<[UInt8]?, any Error>
    ) -> Result<[UInt8]?, any Error>? {
        state.withLock { state in
            if !state.chunks.isEmpty {
                let chunk = state.chunks.removeFirst()
                state.taken &+= 1
                grant(&state)
                return .success(chunk)
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
                state.chunks = []
            }
            return state.end == nil
        }
        if wasOpen { signal(.abandon) }
    }

    // MARK: The thread of the sockets

    /// `false` if the writer broke the rules: more than it had credit for, out of order, or too large.
    func deliver(_ bytes: [UInt8], number: UInt32) -> Bool {
        let (isAllowed, waiter) = state.withLock { state -> (Bool, CheckedContinuation<[UInt8]?, any Error>?) in
            // What arrives after the reader lost interest was on its way already.
            guard state.end == nil else { return (true, nil) }
            guard number == state.received, state.received != state.granted, !bytes.isEmpty,
                bytes.count <= BusLimits.chunkBytes
            else { return (false, nil) }
            state.received &+= 1
            guard let waiter = state.waiter.take() else {
                state.chunks.append(bytes)
                return (true, nil)
            }
            state.taken &+= 1
            grant(&state)
            return (true, waiter)
        }
        waiter?.resume(returning: bytes)
        return isAllowed
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
