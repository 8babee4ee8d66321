import Bytes

/// A message where it arrived: its bytes are valid until the next one is received.
struct Message {
    let header: FrameHeader
    let meta: UnsafeRawBufferPointer
    let body: UnsafeRawBufferPointer
    /// What came along with a message that says so.
    var file: OwnedDescriptor?
}

/// What a look at a connection found.
enum Arrival {
    case message(Message)
    /// Something that is no message of ours, and gone.
    case malformed
    case nothing
}
