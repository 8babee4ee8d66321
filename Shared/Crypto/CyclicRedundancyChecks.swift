import CSystem

/// CRC-32 (ISO-HDLC), as in zip files and `x-amz-checksum-crc32`.
public struct CRC32: Checksum {
    public private(set) var value: UInt32 = 0

    public init() {}

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = apus_crc32(value, bytes.baseAddress, bytes.count)
    }

    public func finalize() -> [UInt8] { bigEndianBytes(of: value) }
}

/// CRC-32C (Castagnoli), as in `x-amz-checksum-crc32c`.
public struct CRC32C: Checksum {
    public private(set) var value: UInt32 = 0

    public init() {}

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = apus_crc32c(value, bytes.baseAddress, bytes.count)
    }

    public func finalize() -> [UInt8] { bigEndianBytes(of: value) }
}

/// CRC-64/NVME, as in `x-amz-checksum-crc64nvme`.
public struct CRC64NVME: Checksum {
    public private(set) var value: UInt64 = 0

    public init() {}

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = apus_crc64nvme(value, bytes.baseAddress, bytes.count)
    }

    public func finalize() -> [UInt8] { bigEndianBytes(of: value) }
}

private func bigEndianBytes(of value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}
