import Bytes
import CSandbox
import Glibc

/// One message of a zygote or environment: its kind, its text, and the descriptors it brought.
struct ControlMessage {
    enum Kind: UInt8 {
        case ready = 0x52
        case spawn = 0x4E
        case blank = 0x42
        case start = 0x53
        case failed = 0x46
        case exited = 0x58
    }

    let kind: Kind
    let text: String
    let descriptors: [OwnedDescriptor]

    /// Reads the message that is waiting on a control socket; `nil` at its end.
    static func receive(from socket: OwnedDescriptor) throws(SandboxError) -> ControlMessage? {
        var bytes = [UInt8](repeating: 0, count: 512)
        var numbers = [Int32](repeating: -1, count: Int(APUS_MAX_DESCRIPTORS))
        var descriptorCount: Int32 = 0
        let count = apus_message_receive(socket.number, &bytes, bytes.count, &numbers, &descriptorCount)
        let code = errno
        let descriptors = numbers.prefix(Int(descriptorCount)).map { OwnedDescriptor($0) }
        if count == 0 || (count < 0 && code == ECONNRESET) { return nil }
        guard count > 0, let kind = Kind(rawValue: bytes[0]) else { throw .system("receive", code) }
        return ControlMessage(
            kind: kind, text: String(decoding: bytes[1..<count], as: UTF8.self), descriptors: descriptors)
    }

    /// Waits for one message, which must be of `kind`.
    @discardableResult
    static func expect(_ kind: Kind, from socket: OwnedDescriptor) async throws -> ControlMessage {
        try await DescriptorWatcher.shared.readable(socket)
        guard let message = try receive(from: socket) else { throw SandboxError.ended }
        guard message.kind == kind else { throw SandboxError.refused(message.text) }
        return message
    }

    /// A pair of sockets for control messages: ours, and the one to give away.
    static func socketPair() throws(SandboxError) -> (ours: OwnedDescriptor, theirs: OwnedDescriptor) {
        var pair: [Int32] = [-1, -1]
        guard apus_message_pair(&pair) == 0 else { throw .system("socketpair", errno) }
        return (OwnedDescriptor(pair[0]), OwnedDescriptor(pair[1]))
    }

    /// Sends one message with copies of `descriptors`, which stay open until it is sent: an optimised build may end an
    /// array's life at its last mention.
    static func send(
        _ bytes: [UInt8], with descriptors: [OwnedDescriptor] = [], to socket: OwnedDescriptor
    ) throws(SandboxError) {
        guard bytes.count <= Int(APUS_MAX_MESSAGE) else { throw .orderTooLong }
        let status = withExtendedLifetime(descriptors) {
            apus_message_send(socket.number, bytes, bytes.count, descriptors.map(\.number), Int32(descriptors.count))
        }
        if status < 0 { throw errno == EPIPE ? .ended : .system("send", errno) }
    }

    /// Strings as a message carries them, each ended by a NUL; a NUL within ends a string early, as C would.
    static func encode(_ strings: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for string in strings {
            bytes += string.utf8.prefix { $0 != 0 }
            bytes.append(0)
        }
        return bytes
    }
}
