import CZlib

/// Compresses bytes that are all at hand.
public enum Compressor {
    public enum Effort: Sendable {
        /// For what somebody waits for.
        case little
        /// For what is kept.
        case usual

        var level: Int32 {
            switch self {
            case .little: Z_BEST_SPEED
            case .usual: Z_DEFAULT_COMPRESSION
            }
        }
    }

    /// - Throws: where there is no memory to work with.
    public static func compress(
        _ bytes: [UInt8], as coding: ContentCoding = .gzip, effort: Effort = .usual
    ) throws(CompressionFault) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(
                &stream, effort.level, Z_DEFLATED, coding.window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { throw CompressionFault() }
        defer { deflateEnd(&stream) }
        var status = Z_OK
        let bound = Int(deflateBound(&stream, uLong(bytes.count)))
        let output = [UInt8](unsafeUninitializedCapacity: bound) { space, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = uInt(input.count)
                stream.next_out = space.baseAddress
                stream.avail_out = uInt(space.count)
                status = deflate(&stream, Z_FINISH)
            }
            count = space.count - Int(stream.avail_out)
        }
        guard status == Z_STREAM_END else { throw CompressionFault() }
        return output
    }
}
