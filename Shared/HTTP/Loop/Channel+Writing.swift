import CSystem
import Glibc

/// Writing: bytes are queued, then leave together.
extension Channel {
    /// Bytes queued and not yet taken by the kernel.
    var pendingCount: Int { outbox.count }

    /// Queues bytes; nothing is written before `flush`.
    func queue(_ bytes: [UInt8]) { outbox.append(bytes) }
    func queue(_ write: (inout [UInt8]) throws -> Void) rethrows { try outbox.append(write) }

    /// Writes what the kernel takes now.
    func flush() throws(ConnectionError) {
        loop.assertOnLoop()
        guard isOpen else { throw .closed }
        while isWritable && !outbox.isEmpty {
            var result = Transfer.wouldBlock
            _ = outbox.writeSome { first, second in
                result = tls?.write(first) ?? writePlain(first, second)
                guard case .bytes(let count) = result else { return 0 }
                return count
            }
            switch result {
            case .bytes: writeDeadline = .never
            case .wouldBlock: isWritable = false
            case .end: throw .closed
            case .failed(let error): throw error
            }
        }
    }

    /// Writes before the loop waits again; what the kernel does not take then leaves as soon as it does.
    func flushSoon() {
        guard !awaitsFlush, isOpen else { return }
        awaitsFlush = true
        loop.flushBeforeWaiting(self)
    }

    func flushNow() {
        awaitsFlush = false
        // A failure shows again where somebody waits for the outcome.
        try? flush()
    }

    private func writePlain(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Transfer {
        guard !second.isEmpty else {
            let count = send(descriptor, first.baseAddress, first.count, Int32(MSG_NOSIGNAL))
            return count >= 0 ? .bytes(count) : Self.failure("send")
        }
        let vectors = [first, second].map {
            iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
        }
        let count = writev(descriptor, vectors, 2)
        return count >= 0 ? .bytes(count) : Self.failure("writev")
    }

    /// Writes until no more than `limit` bytes are left; every byte of progress starts the stall time-out anew.
    func flush(downTo limit: Int, stallMilliseconds: Int64) async throws(ConnectionError) {
        while true {
            try flush()
            guard outbox.count > limit else { return }
            if writeDeadline == .never { writeDeadline = loop.now.advanced(byMilliseconds: stallMilliseconds) }
            armTimer(for: writeDeadline)
            let wake = await withUnsafeContinuation { writers.append($0) }
            try Self.check(wake, "write")
        }
    }
}
