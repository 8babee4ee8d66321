import Synchronization

/// A body that arrives in pieces: pulled, so that a slow reader holds back its writer.
///
/// One reader at a time. Chunks are never empty; `nil` is the end. A failed stream throws and stays failed.
public struct ByteStream: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    /// The number of bytes to come, where the sender declared it.
    public let length: Int?
    /// All the bytes, where they were at hand when the stream was made: whoever can use them at once need not pull.
    public let bytesAtHand: [UInt8]?
    /// The next of the files' stretches that the bytes lie in, or `nil` at the end, where they lie in files: whoever can
    /// read those takes all of them instead of the bytes.
    public let nextStretch: (@Sendable () async throws -> FileStretch?)?
    private let pull: @Sendable () async throws -> [UInt8]?

    public init(
        length: Int?, nextStretch: (@Sendable () async throws -> FileStretch?)? = nil,
        pull: @escaping @Sendable () async throws -> [UInt8]?
    ) {
        self.length = length
        self.nextStretch = nextStretch
        bytesAtHand = nil
        self.pull = pull
    }

    /// A stream of bytes already at hand.
    public init(_ bytes: [UInt8]) {
        let rest = Once(bytes.isEmpty ? nil : bytes)
        length = bytes.count
        bytesAtHand = bytes
        nextStretch = nil
        pull = { rest.take() }
    }

    /// The next chunk, or `nil` at the end.
    public func next() async throws -> [UInt8]? { try await pull() }

    /// Reads to the end.
    ///
    /// - Throws: `ByteStreamError.tooLong` as soon as more than `limit` bytes arrived.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        if let length, length > limit { throw ByteStreamError.tooLong(limit: limit) }
        guard var bytes = try await pull() else { return [] }
        while let chunk = try await pull() {
            guard bytes.count + chunk.count <= limit else { throw ByteStreamError.tooLong(limit: limit) }
            bytes += chunk
        }
        guard bytes.count <= limit else { throw ByteStreamError.tooLong(limit: limit) }
        return bytes
    }

    /// The same bytes in pieces of at least `size`, but for the first, whose reader has nothing else to do yet, and the
    /// last.
    public func gathered(into size: Int) -> ByteStream {
        guard bytesAtHand == nil else { return self }
        let hasBegun = Atomic(false)
        return ByteStream(length: length) {
            guard var piece = try await next() else { return nil }
            if !hasBegun.exchange(true, ordering: .relaxed) { return piece }
            // The last of the small pieces may be the one that makes it large.
            if piece.count < size { piece.reserveCapacity(size + size / 4) }
            while piece.count < size, let more = try await next() { piece += more }
            return piece
        }
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let stream: ByteStream
        public mutating func next() async throws -> [UInt8]? { try await stream.next() }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }
}

public enum ByteStreamError: Error, Equatable {
    case tooLong(limit: Int)
    /// The sender went away before the end.
    case truncated
}
