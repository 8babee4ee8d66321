import Bytes

/// How a stretch of a file is told to whom its descriptor is handed.
///
///     first byte u64 · count u64 · layers u8 · nonce (12) and a key (32) for each layer; all little endian
extension FileStretch {
    private static let headSize = 17
    private static let nonceSize = 12
    private static let keySize = 32
    private static let mostLayers = 2

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        for number in [range.lowerBound, range.upperBound - range.lowerBound] {
            withUnsafeBytes(of: UInt64(number).littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.append(UInt8(cipher?.keys.count ?? 0))
        guard let cipher else { return bytes }
        return cipher.keys.reduce(bytes + cipher.nonce) { $0 + $1 }
    }

    /// - Throws: `BusError.protocolViolation` for what `encoded` does not write.
    init(_ bytes: UnsafeRawBufferPointer, of file: OwnedDescriptor) throws(BusError) {
        guard bytes.count >= Self.headSize,
            let first = Int64(exactly: UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))),
            let count = Int64(exactly: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))),
            count > 0, case let (end, overflows) = first.addingReportingOverflow(count), !overflows
        else { throw .protocolViolation("malformed stretch of a file") }
        let layers = Int(bytes[16])
        let size = layers == 0 ? 0 : Self.nonceSize + layers * Self.keySize
        guard layers <= Self.mostLayers, bytes.count == Self.headSize + size else {
            throw .protocolViolation("malformed cipher of a file")
        }
        self.init(file: file, range: first..<end, cipher: layers == 0 ? nil : Self.cipher(bytes, layers))
    }

    private static func cipher(_ bytes: UnsafeRawBufferPointer, _ layers: Int) -> FileCipher {
        let keys = headSize + nonceSize
        return FileCipher(
            nonce: [UInt8](bytes[headSize..<keys]),
            keys: (0..<layers).map { [UInt8](bytes[keys + $0 * keySize..<keys + ($0 + 1) * keySize]) })
    }
}
