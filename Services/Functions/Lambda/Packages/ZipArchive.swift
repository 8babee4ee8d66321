import CZlib

/// A ZIP file in memory: its entries, and their bytes one at a time.
///
/// Nothing the archive says is believed: names, lengths and checksums are checked against what is there.
/// [APPNOTE 6.3.10](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)
struct ZipArchive {
    struct Entry: Equatable {
        enum Kind: Equatable { case file, folder, symbolicLink }

        /// Relative, without `.`, `..` and empty components.
        let path: String
        let kind: Kind
        let isExecutable: Bool
        let length: Int
        fileprivate let compressedLength: Int
        fileprivate let method: UInt16
        fileprivate let checksum: UInt32
        fileprivate let offset: Int
    }

    enum Fault: Error, Equatable {
        /// No archive, or a damaged one.
        case malformed(String)
        case tooLarge
    }

    private static let entryLimit = 100_000
    private static let endLength = 22

    let entries: [Entry]
    private let bytes: [UInt8]

    /// - Parameter limit: what all files together may measure.
    init(_ bytes: [UInt8], limit: Int) throws(Fault) {
        self.bytes = bytes
        let (start, count) = try Self.directory(bytes)
        var entries: [Entry] = []
        var total = 0
        var position = start
        for _ in 0..<count {
            let (entry, next) = try Self.entry(bytes, at: position)
            position = next
            total += entry.length
            guard total <= limit else { throw .tooLarge }
            entries.append(entry)
        }
        self.entries = entries
    }

    /// The uncompressed bytes of an entry.
    ///
    /// - Throws: `malformed` where length or checksum differ from what the directory said.
    func contents(of entry: Entry) throws(Fault) -> [UInt8] {
        guard try Self.number(bytes, at: entry.offset, count: 4) == 0x0403_4b50 else {
            throw .malformed("local header")
        }
        let nameLength = try Self.number(bytes, at: entry.offset + 26, count: 2)
        let extraLength = try Self.number(bytes, at: entry.offset + 28, count: 2)
        let start = entry.offset + 30 + nameLength + extraLength
        let end = start + entry.compressedLength
        guard start <= end, end <= bytes.count else { throw .malformed("an entry's bytes are not there") }
        let contents = try Self.expand(bytes[start..<end], method: entry.method, length: entry.length)
        guard Self.checksum(contents) == entry.checksum else { throw .malformed("checksum of \(entry.path)") }
        return contents
    }

    /// Finds the central directory by the record at the end, which a comment may follow.
    private static func directory(_ bytes: [UInt8]) throws(Fault) -> (start: Int, count: Int) {
        guard bytes.count >= endLength else { throw .malformed("too short") }
        let earliest = max(0, bytes.count - endLength - 65_535)
        for position in stride(from: bytes.count - endLength, through: earliest, by: -1)
        where bytes[position] == 0x50 {
            guard try number(bytes, at: position, count: 4) == 0x0605_4b50 else { continue }
            let count = try number(bytes, at: position + 10, count: 2)
            let start = try number(bytes, at: position + 16, count: 4)
            guard count != 0xffff, start != 0xffff_ffff, count <= entryLimit, start <= position else {
                throw .malformed("ZIP64 archives are not supported")
            }
            return (start, count)
        }
        throw .malformed("no end of central directory")
    }

    private static func entry(_ bytes: [UInt8], at position: Int) throws(Fault) -> (Entry, next: Int) {
        guard try number(bytes, at: position, count: 4) == 0x0201_4b50 else { throw .malformed("directory entry") }
        let flags = try number(bytes, at: position + 8, count: 2)
        guard flags & 1 == 0 else { throw .malformed("encrypted entry") }
        let nameLength = try number(bytes, at: position + 28, count: 2)
        let extraLength = try number(bytes, at: position + 30, count: 2)
        let commentLength = try number(bytes, at: position + 32, count: 2)
        let end = position + 46 + nameLength
        guard end <= bytes.count else { throw .malformed("directory entry") }
        let name = String(decoding: bytes[(position + 46)..<end], as: UTF8.self)
        let mode = try number(bytes, at: position + 40, count: 2)
        let isUnix = try number(bytes, at: position + 5, count: 1) == 3
        let entry = Entry(
            path: try safePath(name), kind: kind(name: name, mode: isUnix ? mode : 0),
            isExecutable: !isUnix || mode & 0o111 != 0,
            length: try number(bytes, at: position + 24, count: 4),
            compressedLength: try number(bytes, at: position + 20, count: 4),
            method: UInt16(try number(bytes, at: position + 10, count: 2)),
            checksum: UInt32(try number(bytes, at: position + 16, count: 4)),
            offset: try number(bytes, at: position + 42, count: 4))
        return (entry, end + extraLength + commentLength)
    }

    private static func kind(name: String, mode: Int) -> Entry.Kind {
        if mode & 0o170000 == 0o120000 { return .symbolicLink }
        return name.hasSuffix("/") || mode & 0o170000 == 0o040000 ? .folder : .file
    }

    /// Paths that leave the archive's folder are refused, not repaired.
    private static func safePath(_ name: String) throws(Fault) -> String {
        let parts = name.replacingBackslashes.split(separator: "/")
        let isSafe =
            !name.hasPrefix("/") && !name.utf8.contains(0)
            && parts.allSatisfy { $0 != ".." && $0.utf8.count <= 255 } && parts.count <= 64
        guard isSafe else { throw .malformed("path \(name.prefix(100))") }
        return parts.filter { $0 != "." }.joined(separator: "/")
    }

    private static func number(_ bytes: [UInt8], at position: Int, count: Int) throws(Fault) -> Int {
        guard position >= 0, position + count <= bytes.count else { throw .malformed("truncated") }
        return (0..<count).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }

    private static func expand(_ bytes: ArraySlice<UInt8>, method: UInt16, length: Int) throws(Fault) -> [UInt8] {
        switch method {
        case 0 where bytes.count == length: return Array(bytes)
        case 8: return try inflate(bytes, length: length)
        default: throw .malformed("compression method \(method)")
        }
    }

    /// Raw deflate (RFC 1951), into exactly `length` bytes: a stream that yields more or fewer is refused.
    private static func inflate(_ bytes: ArraySlice<UInt8>, length: Int) throws(Fault) -> [UInt8] {
        // Deflate cannot expand by more than 1032:1, so the claimed length never sizes more than that.
        guard length <= bytes.count * 1032 + 64 else { throw .malformed("impossible length") }
        var stream = z_stream()
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .malformed("inflate")
        }
        defer { inflateEnd(&stream) }
        var status = Z_OK
        let result = [UInt8](unsafeUninitializedCapacity: max(length, 1)) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(length)
                status = CZlib.inflate(&stream, Z_FINISH)
                count = Int(stream.total_out)
            }
        }
        let isEmptyAndEnded = length == 0 && (status == Z_BUF_ERROR || status == Z_STREAM_END)
        guard isEmptyAndEnded || (status == Z_STREAM_END && result.count == length) else {
            throw .malformed("deflate stream")
        }
        return result
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 { UInt32(crc32_z(0, bytes, bytes.count)) }
}

extension String {
    /// Archives made on Windows.
    fileprivate var replacingBackslashes: String {
        utf8.contains(0x5C) ? String(map { $0 == "\\" ? "/" : $0 }) : self
    }
}
