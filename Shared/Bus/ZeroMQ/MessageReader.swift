import CZeroMQ

/// Receives messages of a fixed number of frames, in storage it uses again and again. For one thread.
final class MessageReader {
    enum Outcome { case complete, malformed, nothing }

    private let frames: UnsafeMutablePointer<zmq_msg_t>
    private let count: Int

    init(parts count: Int) {
        self.count = count
        frames = .allocate(capacity: count + 1)
        frames.initialize(repeating: zmq_msg_t(), count: count + 1)
        for index in 0...count { zmq_msg_init(frames + index) }
    }

    deinit {
        clear()
        frames.deallocate()
    }

    /// Takes one message off the socket, without waiting. A message with more or fewer frames is malformed, and gone.
    func receive(from socket: Socket) -> Outcome {
        var received = 0
        while true {
            // What is too much lands in the spare frame, each over the one before.
            let frame = frames + min(received, count)
            guard receive(into: frame, from: socket) else { return .nothing }
            received += 1
            guard zmq_msg_more(frame) != 0 else { return received == count ? .complete : .malformed }
        }
    }

    private func receive(into frame: UnsafeMutablePointer<zmq_msg_t>, from socket: Socket) -> Bool {
        while zmq_msg_recv(frame, socket.raw, ZMQ_DONTWAIT) < 0 {
            guard zmq_errno() == EINTR else { return false }
        }
        return true
    }

    /// The bytes of a frame, valid until the next `receive` or `clear`.
    subscript(part: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: zmq_msg_data(frames + part), count: zmq_msg_size(frames + part))
    }

    func bytes(_ part: Int) -> [UInt8] { [UInt8](self[part]) }

    /// The descriptor of the connection a frame came over; negative if libzmq does not know.
    ///
    /// A routing id, which the ROUTER itself puts before a message, knows it only sometimes.
    func connection(ofPart part: Int) -> Int32 { zmq_msg_get(frames + part, ZMQ_SRCFD) }

    /// Gives the last message's memory back.
    func clear() {
        for index in 0...count {
            zmq_msg_close(frames + index)
            zmq_msg_init(frames + index)
        }
    }
}
