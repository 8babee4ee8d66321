import Compression
import ServiceKit

/// The source of an import has a fault: what follows it in the same object is not read.
struct MalformedSource: Error {
    let reason: String
}

/// The bytes of an object to be imported, expanded where it is compressed, a piece at a time.
struct ObjectBytes {
    private let stream: ByteStream
    private let expander: Expander?

    init(_ stream: ByteStream, isGzip: Bool) throws {
        self.stream = stream
        expander = isGzip ? try Expander() : nil
    }

    /// `nil` at the end.
    ///
    /// - Throws: `MalformedSource` for damaged gzip, and what the stream throws.
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
            throw MalformedSource(reason: "The object is not valid GZIP.")
        }
    }
}
