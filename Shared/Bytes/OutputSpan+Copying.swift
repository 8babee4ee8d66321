extension OutputSpan<UInt8> {
    /// Appends all of `bytes`, which must fit.
    @inlinable @inline(__always)
    public mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
        withUnsafeMutableBufferPointer { buffer, count in
            _ = buffer[count...].initialize(fromContentsOf: bytes)
            count += bytes.count
        }
    }
}
