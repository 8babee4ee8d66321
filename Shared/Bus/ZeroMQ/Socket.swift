import CZeroMQ

/// A ZeroMQ socket. Used by one thread at a time.
final class Socket {
    /// From this size on, a body is handed to libzmq rather than copied.
    static let zeroCopyBytes = 64 << 10

    let raw: UnsafeMutableRawPointer
    /// Sockets die before their context.
    private let context: Context
    private var isOpen = true

    init(_ type: Int32, in context: Context) {
        guard let raw = zmq_socket(context.raw, type) else { fatalError("no ZeroMQ socket: \(zeroMQReason())") }
        self.raw = raw
        self.context = context
        set(ZMQ_LINGER, Int32(0))
        set(ZMQ_SNDTIMEO, Int32(0))
    }

    deinit { close() }

    func close() {
        guard isOpen else { return }
        isOpen = false
        zmq_close(raw)
    }

    func set(_ option: Int32, _ value: Int32) {
        var value = value
        let result = zmq_setsockopt(raw, option, &value, MemoryLayout<Int32>.size)
        precondition(result == 0, "ZeroMQ refuses option \(option): \(zeroMQReason())")
    }

    func set(_ option: Int32, _ value: Int64) {
        var value = value
        let result = zmq_setsockopt(raw, option, &value, MemoryLayout<Int64>.size)
        precondition(result == 0, "ZeroMQ refuses option \(option): \(zeroMQReason())")
    }

    func set(_ option: Int32, _ text: String) {
        let result = zmq_setsockopt(raw, option, text, text.utf8.count)
        precondition(result == 0, "ZeroMQ refuses option \(option): \(zeroMQReason())")
    }

    /// Readable when there is something to look at: an arrival, or only news for libzmq itself. Constant while open.
    var descriptor: Int32 {
        var descriptor: Int32 = -1
        var size = MemoryLayout<Int32>.size
        let result = zmq_getsockopt(raw, ZMQ_FD, &descriptor, &size)
        precondition(result == 0, "a ZeroMQ socket without a descriptor: \(zeroMQReason())")
        return descriptor
    }

    /// - Throws: `BusSetupError.unusable`
    func bind(_ address: BusAddress) throws {
        guard zmq_bind(raw, address.description) == 0 else {
            throw BusSetupError.unusable(address, reason: zeroMQReason())
        }
    }

    /// - Throws: `BusSetupError.unusable`
    func connect(_ address: BusAddress) throws {
        guard zmq_connect(raw, address.description) == 0 else {
            throw BusSetupError.unusable(address, reason: zeroMQReason())
        }
    }

    /// The address really bound, with the port the system chose for port 0.
    var lastEndpoint: String {
        var text = [CChar](repeating: 0, count: 256)
        var length = text.count
        guard zmq_getsockopt(raw, ZMQ_LAST_ENDPOINT, &text, &length) == 0 else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension Socket {
    /// Sends a whole message. `false` if there is no connection to take it; then nothing was sent.
    func send(_ frame: Frame) -> Bool {
        let wasTaken = withUnsafeTemporaryAllocation(byteCount: FrameHeader.size, alignment: 8) { header in
            frame.header.write(to: header)
            return send(UnsafeRawBufferPointer(header), more: true)
        }
        guard wasTaken else { return false }
        _ = frame.meta.withUnsafeBytes { send($0, more: true) }
        return send(body: frame.body)
    }

    func send(_ bytes: UnsafeRawBufferPointer, more: Bool) -> Bool {
        while true {
            if zmq_send(raw, bytes.baseAddress, bytes.count, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) >= 0 {
                return true
            }
            guard zmq_errno() == EINTR else { return false }
        }
    }

    private func send(body: [UInt8]) -> Bool {
        guard body.count >= Self.zeroCopyBytes else { return body.withUnsafeBytes { send($0, more: false) } }
        var message = zmq_msg_t()
        LentBytes(body).lend(to: &message)
        while true {
            if zmq_msg_send(&message, raw, ZMQ_DONTWAIT) >= 0 { return true }
            guard zmq_errno() == EINTR else { break }
        }
        zmq_msg_close(&message)
        return false
    }
}

/// Keeps an array alive while libzmq reads it.
private final class LentBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// An array's storage neither moves nor changes while someone holds the array, and this object does until
    /// libzmq's I/O thread says it is done. The callback touches nothing else.
    func lend(to message: inout zmq_msg_t) {
        bytes.withUnsafeBytes { buffer in
            let result = zmq_msg_init_data(
                &message, UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count,
                { _, lender in
                    if let lender { Unmanaged<LentBytes>.fromOpaque(lender).release() }
                }, Unmanaged.passRetained(self).toOpaque())
            precondition(result == 0, "libzmq has no memory for a message")
        }
    }
}
