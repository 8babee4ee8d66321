/// Times as numbers.
enum TimeText {
    /// A thousand times a number that is written as up to twelve digits, alone or with three more behind a point, as
    /// times are; `nil` for any other way to write one.
    static func thousandths(of text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var number: Int64 = 0
        var point: Int?
        guard text.count <= 16 else { return nil }
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "."), point == nil {
                point = index
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                number = number * 10 + Int64(byte - UInt8(ascii: "0"))
            }
        }
        guard let point else { return text.count <= 12 ? number * 1000 : nil }
        return text.count - point == 4 ? number : nil
    }
}
