/// A string compared by its UTF-8 bytes, as DynamoDB compares.
///
/// Swift's own `==` holds "é" and "e" with a combining accent for equal; as attribute names or keys they are two.
struct Text: Sendable, Hashable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
    let string: String

    init(_ string: String) { self.string = string }
    init(utf8 bytes: UnsafeBufferPointer<UInt8>) { string = String(decoding: bytes, as: UTF8.self) }
    init(stringLiteral string: String) { self.string = string }

    var description: String { string }
    var utf8Count: Int { string.utf8.count }

    /// The UTF-8 bytes, borrowed.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        var string = string
        return try string.withUTF8(body)
    }

    static func == (left: Text, right: Text) -> Bool {
        left.utf8Count == right.utf8Count && left.compareBytes(to: right) == 0
    }

    static func < (left: Text, right: Text) -> Bool { left.compareBytes(to: right) < 0 }

    func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    private func compareBytes(to other: Text) -> Int {
        withBytes { left in other.withBytes { right in ByteOrder.compare(left, right) } }
    }
}
