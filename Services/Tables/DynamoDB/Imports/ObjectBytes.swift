import Compression
import ServiceKit

/// The source of an import has a fault: what follows it in the same object is not read.
struct MalformedSource: Error {
    let reason: String
}

/// The bytes of an object to be imported, expanded where it is compressed, a piece at a time.
struct ObjectBytes {
    private let stream: ByteStream
    private let compression: ImportRequest.Compression
    private let expander: (any StreamExpander)?

    init(_ stream: ByteStream, _ compression: ImportRequest.Compression) throws {
        self.stream = stream
        self.compression = compression
        expander =
            switch compression {
            case .none: nil
            case .gzip: try Expander()
            case .zstd: try ZstandardExpander()
            }
    }

    /// `nil` at the end.
    ///
    /// - Throws: `MalformedSource` for what is damaged, and what the stream throws.
    func next() async throws -> [UInt8]? {
        guard let expander else { return try await stream.next() }
        do {
            while true {
                let piece = try expander.next()
                if !piece.isEmpty { return piece }
                guard let more = try await stream.next() else {
                    try expander.finish()
                    return nil
                }
                expander.append(more)
            }
        } catch is CompressionFault {
            throw MalformedSource(reason: "The object is not valid \(compression.rawValue).")
        }
    }
}
