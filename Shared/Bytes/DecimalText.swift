/// Whole numbers in decimal digits.
public enum DecimalText {
    /// Of a 64-bit number with its sign.
    @usableFromInline static var longest: Int { 20 }

    /// Lends the digits of a number.
    @inlinable @inline(__always)
    public static func with<Result>(
        _ number: Int64, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest) { room in
            var start = longest
            var rest = number.magnitude
            repeat {
                start -= 1
                room.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
                rest /= 10
            } while rest > 0
            if number < 0 {
                start -= 1
                room.initializeElement(at: start, to: UInt8(ascii: "-"))
            }
            return try body(UnsafeBufferPointer(rebasing: room[start...]))
        }
    }
}
