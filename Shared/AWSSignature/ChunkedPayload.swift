import Bytes
import Crypto
import HTTPTypes

/// Decodes `aws-chunked` and verifies each chunk's signature, the trailers' and the trailing checksum.
///
/// Bytes are given out as they come, before the signature of their chunk is known: they are provisional until `finish`
/// returned. An error is final.
///
/// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html)
public struct ChunkedPayload: Sendable {
    private enum State: Sendable {
        /// Reading a line: `size[;chunk-signature=…]`.
        case header
        case data(left: Int)
        /// The line end behind a chunk's data.
        case dataEnd
        case trailers
        case done
        case failed(SignatureError)
    }

    /// Longer than any chunk header, trailer name and signature; shorter than anything harmful.
    private static let longestLine = 1024
    private static let mostTrailers = 16

    private var state = State.header
    private var line: [UInt8] = []
    private var signatures: ChunkSignatures?
    private var trailer: ChunkTrailer
    private var plainCount = 0
    private let declaredCount: Int

    /// The fields that followed the data.
    public var trailers: HTTPFields { trailer.fields }

    /// - Parameters:
    ///   - declaredCount: `x-amz-decoded-content-length`, which the data must have exactly.
    ///   - trailerNames: `x-amz-trailer`.
    init(signatures: ChunkSignatures?, declaredCount: Int, trailerNames: [String], hasTrailer: Bool) {
        self.signatures = signatures
        self.declaredCount = declaredCount
        trailer = ChunkTrailer(names: trailerNames, isExpected: hasTrailer)
    }

    /// Takes the next bytes of the body and gives out the data among them.
    public mutating func consume(_ bytes: [UInt8]) throws(SignatureError) -> [UInt8] {
        do {
            return try decode(bytes)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// Checks that the body ended where it had to, with the length that was declared.
    public mutating func finish() throws(SignatureError) {
        if case .failed(let error) = state { throw error }
        guard case .done = state, plainCount == declaredCount else { throw .payload(.incomplete) }
    }

    private mutating func decode(_ bytes: [UInt8]) throws(SignatureError) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .data(let left):
                let piece = rest.prefix(left)
                take(piece)
                plain.append(contentsOf: piece)
                rest = rest.dropFirst(piece.count)
                state = piece.count == left ? .dataEnd : .data(left: left - piece.count)
            case .header, .dataEnd, .trailers: try takeLine(&rest)
            case .done: throw .payload(.framing)
            case .failed(let error): throw error
            }
        }
        return plain
    }

    private mutating func take(_ piece: ArraySlice<UInt8>) {
        plainCount += piece.count
        signatures?.update(piece)
        trailer.update(piece)
    }

    /// Takes bytes up to a line's end and acts on the line once it is whole.
    private mutating func takeLine(_ rest: inout ArraySlice<UInt8>) throws(SignatureError) {
        let end = rest.firstIndex(of: .newline)
        let part = rest[..<(end ?? rest.endIndex)]
        guard line.count + part.count <= Self.longestLine else { throw .payload(.framing) }
        line.append(contentsOf: part)
        rest = rest[(end.map { $0 + 1 } ?? rest.endIndex)...]
        guard end != nil else { return }
        guard line.popLast() == UInt8(ascii: "\r") else { throw .payload(.framing) }
        defer { line.removeAll(keepingCapacity: true) }
        switch state {
        case .header: try beginChunk()
        case .dataEnd: try endChunk()
        case .trailers: try endTrailerLine()
        case .data, .done, .failed: throw .payload(.framing)
        }
    }

    private mutating func beginChunk() throws(SignatureError) {
        let digits = line.prefix { $0 != UInt8(ascii: ";") }
        guard (1...8).contains(digits.count), digits.allSatisfy(\.isHexDigit),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .payload(.framing) }
        guard plainCount + size <= declaredCount else { throw .payload(.incomplete) }
        if signatures != nil {
            let prefix = Array(";chunk-signature=".utf8)
            let rest = line.dropFirst(digits.count)
            guard rest.starts(with: prefix) else { throw .payload(.framing) }
            signatures?.begin(expecting: String(decoding: rest.dropFirst(prefix.count), as: UTF8.self))
        }
        guard size == 0 else {
            state = .data(left: size)
            return
        }
        try signatures?.end()
        state = .trailers
    }

    private mutating func endChunk() throws(SignatureError) {
        guard line.isEmpty else { throw .payload(.framing) }
        try signatures?.end()
        state = .header
    }

    private mutating func endTrailerLine() throws(SignatureError) {
        guard !line.isEmpty else {
            try trailer.finish(signatures: &signatures)
            state = .done
            return
        }
        guard trailer.fields.count < Self.mostTrailers else { throw .payload(.trailer) }
        try trailer.add(line)
    }
}
