import ServiceKit

/// The source of an import has a fault: what follows it in the same object is not read.
struct MalformedSource: Error {
    let reason: String
}

/// The bytes of an object to be imported, expanded where it is compressed, a piece at a time.
struct ObjectBytes {
    private let stream: ByteStream
    private let gunzip: Gunzip?

    init(_ stream: ByteStream, isGzip: Bool) throws {
        self.stream = stream
        gunzip = isGzip ? try Gunzip() : nil
    }

    /// `nil` at the end.
    ///
    /// - Throws: `MalformedSource` for damaged gzip, and what the stream throws.
    func next() async throws -> [UInt8]? {
        guard let gunzip else { return try await stream.next() }
        do {
            while true {
                let piece = try gunzip.next()
                if !piece.isEmpty { return piece }
                guard let more = try await stream.next() else {
                    try gunzip.finish()
                    return nil
                }
                gunzip.append(more)
            }
        } catch is Gzip.Failure {
            throw MalformedSource(reason: "The object is not valid GZIP.")
        }
    }
}
