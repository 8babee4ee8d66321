import Bytes
import CSystem

#if canImport(Glibc)
    import Glibc
#endif

/// Bytes that came over a Unix socket, and the messages in them.
struct LocalInput: ~Copyable {
    enum Item {
        case message(Message)
        case malformed
        /// A command, without the length of its name.
        case command(UnsafeRawBufferPointer)
    }

    enum Reading { case some, nothing, ended }

    /// Room for most messages, of which only what is written to takes memory.
    private static let usualSize = 64 << 10
    /// Room for a stream's pieces, kept until so many small messages have come.
    private static let streamSize = 2 << 20
    private static let patience = 64
    private static let leastRoom = 4 << 10

    /// Of a file's message the start may have come, of a second one the file already.
    private static let mostFiles = 2

    private let takesFiles: Bool
    private let frameLimit: Int
    private let messageLimit: Int
    private var memory: UnsafeMutableRawBufferPointer
    /// Where the message that is being read begins, and where the bytes end.
    private var start = 0
    private var end = 0
    /// Of that message, from `start`: what is parsed, and the frames found.
    private var parsed = 0
    private var frames: (Range<Int>, Range<Int>, Range<Int>) = (0..<0, 0..<0, 0..<0)
    private var frameCount = 0
    /// Bytes from `start` to the end of the frame that is being read, as far as known.
    private var needed = ZMTP.greetingSize
    private var isGreeted = false
    /// What came along with messages that are not read yet; `nil` for one that could not be taken.
    private var files: [OwnedDescriptor?] = []
    private var isEmptied = false
    /// Messages of usual size since the last that was larger.
    private var smallMessages = 0

    /// - Parameter takesFiles: whether descriptors may come along; else the kernel closes them.
    init(takesFiles: Bool, limits: BusLimits) {
        self.takesFiles = takesFiles
        frameLimit = max(limits.bodyBytes, limits.metaBytes, BusLimits.chunkBytes)
        messageLimit = frameLimit + limits.metaBytes + 4 * (FrameHeader.size + ZMTP.longestHead)
        memory = .allocate(byteCount: Self.usualSize, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// Takes what the kernel has, up to the room there is. What `next` returned before is invalid afterwards.
    mutating func read(from descriptor: Int32) -> Reading {
        if isEmptied { return drained() }
        makeRoom()
        let room = memory.count - end
        while true {
            let known = files.count
            let count = receive(from: descriptor, room)
            if count > 0 {
                end += count
                guard files.count <= Self.mostFiles else { return .ended }
                // With less than there was room for, nothing is left, but behind a file; whoever waits hears of more.
                isEmptied = count < room && files.count == known
                return .some
            }
            if count == 0 { return .ended }
            if errno == EAGAIN || errno == EWOULDBLOCK { return .nothing }
            guard errno == EINTR else { return .ended }
        }
    }

    private mutating func receive(from descriptor: Int32, _ room: Int) -> Int {
        let place = memory.baseAddress?.advanced(by: end)
        guard takesFiles else { return recv(descriptor, place, room, Int32(MSG_DONTWAIT)) }
        var file = Int32(APUS_NO_FILE)
        let count = apus_receive_with_file(descriptor, place, room, &file)
        if file != APUS_NO_FILE { files.append(file >= 0 ? OwnedDescriptor(file) : nil) }
        return count
    }

    private mutating func drained() -> Reading {
        isEmptied = false
        return .nothing
    }

    private mutating func makeRoom() {
        if start == end {
            start = 0
            end = 0
            if isOversized { replaceMemory(Self.usualSize) }
        }
        guard memory.count - start < needed || memory.count - end < Self.leastRoom else { return }
        if needed > memory.count { return replaceMemory(needed + ZMTP.longestHead) }
        memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
        end -= start
        start = 0
        if end == memory.count { replaceMemory(2 * memory.count) }
    }

    private var isOversized: Bool {
        memory.count > Self.usualSize && needed <= Self.usualSize
            && smallMessages >= (memory.count > Self.streamSize ? 1 : Self.patience)
    }

    private mutating func replaceMemory(_ size: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
        memory.deallocate()
        memory = larger
        end -= start
        start = 0
    }

    /// What has arrived whole, valid until the next `read`; `nil` if more must be read.
    mutating func next() throws(ZMTP.Violation) -> Item? {
        if !isGreeted {
            guard end - start >= ZMTP.greetingSize else { return nil }
            guard ZMTP.accepts(greeting: bytes(0..<ZMTP.greetingSize)) else { throw ZMTP.Violation() }
            isGreeted = true
            begin(after: ZMTP.greetingSize)
        }
        while let head = try ZMTP.Head(bytes(parsed..<end - start)) {
            let content = parsed + head.size..<parsed + head.size + head.length
            guard head.length <= frameLimit, content.upperBound <= messageLimit else { throw ZMTP.Violation() }
            needed = content.upperBound
            guard end - start >= needed else { return nil }
            parsed = needed
            if head.isCommand {
                guard frameCount == 0 else { throw ZMTP.Violation() }
                return .command(finished(bytes(content)))
            }
            note(content)
            if head.isLast { return message() }
        }
        needed = parsed + ZMTP.longestHead
        return nil
    }

    private mutating func note(_ frame: Range<Int>) {
        switch frameCount {
        case 0: frames.0 = frame
        case 1: frames.1 = frame
        case 2: frames.2 = frame
        default: break
        }
        frameCount += 1
    }

    private mutating func message() -> Item {
        let isWhole = frameCount == Frame.parts
        let (header, meta, body) = (bytes(frames.0), bytes(frames.1), bytes(frames.2))
        smallMessages = parsed > Self.usualSize ? 0 : smallMessages + 1
        begin(after: parsed)
        guard isWhole, let header = FrameHeader(header) else { return .malformed }
        guard header.flags.contains(.file) else { return .message(Message(header: header, meta: meta, body: body)) }
        let file = files.isEmpty ? nil : files.removeFirst()
        return .message(Message(header: header, meta: meta, body: body, file: file))
    }

    private mutating func finished(_ content: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        begin(after: parsed)
        return content
    }

    private mutating func begin(after count: Int) {
        start += count
        parsed = 0
        frameCount = 0
        frames = (0..<0, 0..<0, 0..<0)
        needed = 0
    }

    private func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[start + range.lowerBound..<start + range.upperBound])
    }
}
