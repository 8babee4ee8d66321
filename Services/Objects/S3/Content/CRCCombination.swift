import ServiceKit

/// The cyclic redundancy check of two stretches of bytes put together, from theirs and the second's length.
///
/// A CRC is linear over GF(2): appending zero bytes multiplies the register by a fixed matrix, whose powers of two
/// are squared up to any length (Mark Adler's `crc32_combine`, for any reflected polynomial).
struct CRCCombination {
    private let polynomial: UInt64
    private let width: Int

    /// `nil` for algorithms that are no CRC.
    init?(_ algorithm: ChecksumAlgorithm) {
        switch algorithm {
        case .crc32: (polynomial, width) = (0xedb8_8320, 32)
        case .crc32c: (polynomial, width) = (0x82f6_3b78, 32)
        case .crc64nvme: (polynomial, width) = (0x9a6c_9329_ac4b_c9b5, 64)
        case .md5, .sha1, .sha256, .sha512, .xxhash64, .xxhash3, .xxhash128: return nil
        }
    }

    /// - Parameter length: of the second stretch, in bytes.
    func combine(_ first: UInt64, _ second: UInt64, length: Int64) -> UInt64 {
        var result = first
        var remaining = UInt64(length) * 8
        var matrix = oneBit
        while remaining > 0 {
            if remaining & 1 == 1 { result = times(matrix, result) }
            remaining >>= 1
            if remaining > 0 { matrix = squared(matrix) }
        }
        return result ^ second
    }

    /// Shifts the register by one zero bit.
    private var oneBit: [UInt64] { [polynomial] + (0..<width - 1).map { 1 << UInt64($0) } }

    private func times(_ matrix: [UInt64], _ vector: UInt64) -> UInt64 {
        var (sum, rest, row) = (UInt64(0), vector, 0)
        while rest != 0 {
            if rest & 1 == 1 { sum ^= matrix[row] }
            rest >>= 1
            row += 1
        }
        return sum
    }

    private func squared(_ matrix: [UInt64]) -> [UInt64] { matrix.map { times(matrix, $0) } }
}
