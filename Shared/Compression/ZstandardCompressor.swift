import CZstd

/// Compresses bytes that are all at hand into one Zstandard frame, whose header says how many they are.
public enum ZstandardCompressor {
    /// What libzstd itself takes where nobody says.
    private static let level: Int32 = 3

    /// - Throws: where there is no memory to work with.
    public static func compress(_ bytes: [UInt8]) throws(CompressionFault) -> [UInt8] {
        var status = 0
        let output = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { space, count in
            status = bytes.withUnsafeBytes { input in
                ZSTD_compress(space.baseAddress, space.count, input.baseAddress, input.count, level)
            }
            count = ZSTD_isError(status) == 0 ? status : 0
        }
        guard ZSTD_isError(status) == 0 else { throw CompressionFault() }
        return output
    }
}
