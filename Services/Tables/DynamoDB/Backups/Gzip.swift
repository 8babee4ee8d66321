import CZlib
import ServiceKit

/// Gzip (RFC 1952), whole: the parts of an export. What comes from outside is expanded by `Gunzip`, in pieces.
enum Gzip {
    struct Failure: Error {}

    static let window = MAX_WBITS + 16
    private static let chunk = 1 << 16

    static func compress(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(
                &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { throw Failure() }
        defer { deflateEnd(&stream) }
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
                    status = deflate(&stream, Z_FINISH)
                    return space.count - Int(stream.avail_out)
                }
                output += buffer[..<produced]
            } while status == Z_OK
        }
        guard status == Z_STREAM_END else { throw Failure() }
        return output
    }
}
