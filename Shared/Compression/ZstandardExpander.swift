import CZstd

/// Expands Zstandard (RFC 8878).
///
/// Lives within one task; zstd's state is not to be shared. A frame may ask for a window of up to 128 MiB, as zstd's
/// own tool takes it without being asked; it costs memory only as far as it is filled.
public final class ZstandardExpander: StreamExpander {
    private let stream: OpaquePointer
    private var input: [UInt8] = []
    /// Of the next byte of the input.
    private var position = 0
    /// The last piece was filled to the brim: there may be more without any input.
    private var isFull = false
    private var isInsideFrame = true

    /// - Throws: where there is no memory to work with.
    public init() throws(CompressionFault) {
        guard let stream = ZSTD_createDStream() else { throw CompressionFault() }
        self.stream = stream
    }

    deinit { ZSTD_freeDStream(stream) }

    public func append(_ bytes: [UInt8]) {
        input = position == input.count ? bytes : Array(input[position...]) + bytes
        position = 0
    }

    public func next() throws(CompressionFault) -> [UInt8] {
        while position < input.count || isFull {
            let piece = try step()
            if !piece.isEmpty { return piece }
        }
        return []
    }

    public func finish() throws(CompressionFault) {
        guard !isInsideFrame, position == input.count else { throw CompressionFault() }
    }

    private func step() throws(CompressionFault) -> [UInt8] {
        var status = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Expander.pieceSize) { space, count in
            var output = ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
            input.withUnsafeBytes { bytes in
                var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: position)
                status = ZSTD_decompressStream(stream, &output, &source)
                position = source.pos
            }
            count = output.pos
        }
        guard ZSTD_isError(status) == 0 else { throw CompressionFault() }
        // Frames may follow one another; together they are one content.
        isInsideFrame = status != 0
        isFull = isInsideFrame && piece.count == Expander.pieceSize
        return piece
    }
}
