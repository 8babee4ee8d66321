import CZlib

/// Expands bytes as they come: never more at once than one piece, however little it came from.
public protocol StreamExpander: AnyObject {
    /// Gives it more to expand.
    func append(_ bytes: [UInt8])

    /// The next piece; an empty one says that more must be appended first.
    ///
    /// - Throws: for what is not compressed, or otherwise.
    func next() throws(CompressionFault) -> [UInt8]

    /// - Throws: for what was cut off.
    func finish() throws(CompressionFault)
}

/// Expands gzip and deflate.
///
/// Lives within one task; zlib's state is not to be shared.
public final class Expander: StreamExpander {
    /// Bytes of a piece at most.
    public static let pieceSize = 256 << 10

    private let coding: ContentCoding
    // zlib keeps the address of its stream: it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    /// Of the next byte of the input.
    private var position = 0
    /// The last piece was filled to the brim: there may be more without any input.
    private var isFull = false
    private var isInsideMember = true

    public init(_ coding: ContentCoding = .gzip) throws(CompressionFault) {
        self.coding = coding
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, coding.window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw CompressionFault()
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    public func append(_ bytes: [UInt8]) {
        input = position == input.count ? bytes : Array(input[position...]) + bytes
        position = 0
    }

    public func next() throws(CompressionFault) -> [UInt8] {
        while position < input.count || isFull {
            // Gzip's members may follow one another; together they are one content.
            if !isInsideMember {
                guard coding == .gzip, inflateReset(stream) == Z_OK else { throw CompressionFault() }
                isInsideMember = true
            }
            let piece = try step()
            if !piece.isEmpty { return piece }
        }
        return []
    }

    public func finish() throws(CompressionFault) {
        guard !isInsideMember, position == input.count else { throw CompressionFault() }
    }

    private func step() throws(CompressionFault) -> [UInt8] {
        var status = Z_OK
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { space, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.pointee.next_in = input.baseAddress.map { $0 + position }
                stream.pointee.avail_in = uInt(input.count - position)
                stream.pointee.next_out = space.baseAddress
                stream.pointee.avail_out = uInt(space.count)
                status = inflate(stream, Z_NO_FLUSH)
                position = input.count - Int(stream.pointee.avail_in)
                count = space.count - Int(stream.pointee.avail_out)
            }
        }
        isFull = status == Z_OK && stream.pointee.avail_out == 0
        if status == Z_STREAM_END { isInsideMember = false }
        // Without input it can do nothing: that is no fault, more comes.
        guard status == Z_OK || status == Z_STREAM_END || (status == Z_BUF_ERROR && position == input.count) else {
            throw CompressionFault()
        }
        return piece
    }
}
