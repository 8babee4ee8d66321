import CZlib
import ServiceKit

/// Gzip (RFC 1952), whole: the parts of an export, and the objects of an import.
enum Gzip {
    struct Failure: Error {}

    private static let window = MAX_WBITS + 16
    private static let chunk = 1 << 16

    static func compress(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(
                &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { throw Failure() }
        defer { deflateEnd(&stream) }
        return try run(&stream, bytes, limit: .max, pieces: 1) { deflate(&$0, Z_FINISH) }
    }

    /// - Throws: for what is not gzip, is cut off, or grows beyond `limit` bytes.
    static func expand(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Failure()
        }
        defer { inflateEnd(&stream) }
        return try run(&stream, bytes, limit: limit, pieces: .max) { inflate(&$0, Z_NO_FLUSH) }
    }

    /// - Parameter pieces: how many members there may be; each resets the stream.
    private static func run(
        _ stream: inout z_stream, _ bytes: [UInt8], limit: Int, pieces: Int, _ step: (inout z_stream) -> Int32
    ) throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: chunk)
        var status = Z_OK
        bytes.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = uInt(input.count)
            repeat {
                let produced = buffer.withUnsafeMutableBufferPointer { space in
                    stream.next_out = space.baseAddress
                    stream.avail_out = uInt(space.count)
                    status = step(&stream)
                    return space.count - Int(stream.avail_out)
                }
                output += buffer[..<produced]
                if status == Z_STREAM_END, pieces > 1, stream.avail_in > 0 { status = inflateReset(&stream) }
            } while status == Z_OK && output.count <= limit && (stream.avail_in > 0 || stream.avail_out == 0)
        }
        guard status == Z_STREAM_END, output.count <= limit else { throw Failure() }
        return output
    }
}
