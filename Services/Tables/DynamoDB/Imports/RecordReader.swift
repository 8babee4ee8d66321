import ServiceKit

/// Where the records of a format end.
protocol RecordFraming {
    /// Goes on through `bytes` from where the last call stopped.
    ///
    /// - Returns: the offset behind the record's last byte; `nil` if it is not among these bytes.
    mutating func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws(MalformedSource) -> Int?

    /// Whether what is left at the end of the object is a record too.
    func endsWithRecord() throws(MalformedSource) -> Bool
}

/// Cuts the bytes of an object into records, and knows how far it has come.
struct RecordReader {
    /// Of a record with the white space before it: far more than the largest item needs, however it is written.
    static let recordSize = 16 << 20

    private let bytes: ObjectBytes
    private var framing: any RecordFraming
    private var buffer: [UInt8] = []
    /// Of the next record in the buffer.
    private var start = 0
    /// Expanded bytes up to the end of the last record.
    private(set) var position: Int64 = 0

    init(_ bytes: ObjectBytes, _ framing: any RecordFraming) {
        self.bytes = bytes
        self.framing = framing
    }

    /// The next record; `nil` at the end of the object.
    ///
    /// - Throws: `MalformedSource` for what is no record, and what the stream throws.
    mutating func next() async throws -> [UInt8]? {
        var scanned = start
        while true {
            if let record = try nextBuffered(from: scanned) { return record }
            guard let more = try await bytes.next() else { return try rest() }
            if start > 0 { buffer.removeFirst(start) }
            start = 0
            scanned = buffer.count
            buffer += more
        }
    }

    /// Passes over the records that end before or at a position reached earlier.
    mutating func skip(to position: Int64) async throws {
        while self.position < position, try await next() != nil {}
    }

    // Apart from `next`: optimised, Swift 6.3 crashes on typed throws between an asynchronous function's awaits.

    private mutating func nextBuffered(from scanned: Int) throws -> [UInt8]? {
        let end = try buffer.withUnsafeBufferPointer { try framing.end(in: $0, from: scanned) }
        if let end { return take(upTo: end) }
        guard buffer.count - start <= Self.recordSize else {
            throw MalformedSource(reason: "A record is longer than \(Self.recordSize) bytes.")
        }
        return nil
    }

    /// What is left at the end of the object, if it is a record.
    private mutating func rest() throws -> [UInt8]? {
        let isRecord = try framing.endsWithRecord()
        if start < buffer.count, isRecord { return take(upTo: buffer.count) }
        position += Int64(buffer.count - start)
        start = buffer.count
        return nil
    }

    private mutating func take(upTo end: Int) -> [UInt8] {
        let record = Array(buffer[start..<end])
        position += Int64(record.count)
        start = end
        return record
    }
}
