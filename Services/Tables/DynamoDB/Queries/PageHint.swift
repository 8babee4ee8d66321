/// What a request for a page says of its size before anybody parsed it.
enum PageHint {
    /// Items that are read before a change of threads would have been done.
    static let briefLimit = 25

    private static let name = Array(#""Limit""#.utf8)

    /// The number after the first member of the name `Limit`. Inside a string quotes are escaped: it is no such member.
    static func limit(in body: [UInt8]) -> Int? {
        body.withUnsafeBufferPointer { body in
            var position = 0
            while position + name.count < body.count {
                if body[position] == name[0], body[position..<position + name.count].elementsEqual(name) {
                    return number(in: body[(position + name.count)...])
                }
                position += 1
            }
            return nil
        }
    }

    private static func number(in text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        let digits = text.drop { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") }.prefix {
            $0 &- UInt8(ascii: "0") < 10
        }
        guard (1...9).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
