import CZlib
import ServiceKit

/// Expands gzip (RFC 1952) as its bytes come: never more at once than one piece, however little it came from.
///
/// Lives within one task; zlib's state is not to be shared.
final class Gunzip {
    /// Bytes of a piece at most.
    static let pieceSize = 256 << 10

    // zlib keeps the address of its stream: it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    /// Of the next byte of the input.
    private var position = 0
    /// The last piece was filled to the brim: there may be more without any input.
    private var isFull = false
    private var isInsideMember = true

    init() throws(Gzip.Failure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, Gzip.window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Gzip.Failure()
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Gives it more to expand.
    func append(_ bytes: [UInt8]) {
        input = position == input.count ? bytes : Array(input[position...]) + bytes
        position = 0
    }

    /// The next piece; an empty one says that more must be appended first.
    ///
    /// - Throws: for what is not gzip.
    func next() throws(Gzip.Failure) -> [UInt8] {
        while position < input.count || isFull {
            // Members may follow one another; together they are one content.
            if !isInsideMember {
                guard inflateReset(stream) == Z_OK else { throw Gzip.Failure() }
                isInsideMember = true
            }
            let piece = try step()
            if !piece.isEmpty { return piece }
        }
        return []
    }

    /// - Throws: for gzip that was cut off.
    func finish() throws(Gzip.Failure) {
        guard !isInsideMember, position == input.count else { throw Gzip.Failure() }
    }

    private func step() throws(Gzip.Failure) -> [UInt8] {
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
            throw Gzip.Failure()
        }
        return piece
    }
}
