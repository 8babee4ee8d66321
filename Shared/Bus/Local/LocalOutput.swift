import Bytes
import CSystem

#if canImport(Glibc)
    import Glibc
#endif

/// Bytes that wait to leave over a Unix socket.
struct LocalOutput {
    enum Outcome { case done, blocked, broken }

    /// From this size on, a body is kept rather than copied.
    private static let keptBytes = 16 << 10

    /// The last one takes what is small.
    private var pieces: [[UInt8]] = [[]]
    private var first = 0
    /// How much of the first piece has left.
    private var sent = 0
    /// What goes along with the first byte of a piece, in the order of the pieces.
    private var files: [(piece: Int, file: OwnedDescriptor)] = []

    var isEmpty: Bool { first == pieces.count - 1 && pieces[first].isEmpty }

    mutating func append(_ frame: Frame) {
        if let file = frame.file { beginPiece(with: file) }
        let last = pieces.count - 1
        ZMTP.appendHead(of: FrameHeader.size, ZMTP.Flag.more, to: &pieces[last])
        withUnsafeTemporaryAllocation(byteCount: FrameHeader.size, alignment: 8) { header in
            frame.header.write(to: header)
            pieces[last].append(contentsOf: UnsafeRawBufferPointer(header))
        }
        ZMTP.appendHead(of: frame.meta.count, ZMTP.Flag.more, to: &pieces[last])
        pieces[last].append(contentsOf: frame.meta)
        ZMTP.appendHead(of: frame.body.count, 0, to: &pieces[last])
        guard frame.body.count >= Self.keptBytes else { return pieces[last].append(contentsOf: frame.body) }
        pieces.append(frame.body)
        pieces.append([])
    }

    private mutating func beginPiece(with file: OwnedDescriptor) {
        if !pieces[pieces.count - 1].isEmpty { pieces.append([]) }
        files.append((pieces.count - 1, file))
    }

    mutating func append(_ bytes: [UInt8]) { pieces[pieces.count - 1].append(contentsOf: bytes) }

    /// Gives the kernel as much as it takes.
    mutating func flush(to descriptor: Int32) -> Outcome {
        while !isEmpty {
            let count = sendPiece(to: descriptor)
            guard count >= 0 else {
                if errno == EINTR { continue }
                return errno == EAGAIN || errno == EWOULDBLOCK ? .blocked : .broken
            }
            if sent == 0, count > 0, files.first?.piece == first { files.removeFirst() }
            sent += count
            if sent == pieces[first].count { dropFirst() }
        }
        return .done
    }

    private func sendPiece(to descriptor: Int32) -> Int {
        pieces[first].withUnsafeBytes { piece in
            let (rest, count) = (piece.baseAddress?.advanced(by: sent), piece.count - sent)
            if sent == 0, let next = files.first, next.piece == first {
                return apus_send_with_file(descriptor, rest, count, next.file.number)
            }
            return send(descriptor, rest, count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
    }

    private mutating func dropFirst() {
        sent = 0
        if first < pieces.count - 1 {
            pieces[first] = []
            first += 1
        } else {
            pieces[first].removeAll(keepingCapacity: pieces[first].count <= Self.keptBytes)
        }
        guard first == pieces.count - 1, first > 0 else { return }
        pieces.removeSubrange(..<first)
        for index in files.indices { files[index].piece -= first }
        first = 0
    }
}
