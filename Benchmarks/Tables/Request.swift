import Glibc

/// A request's body, made beforehand. Writes hold a number that changes with every call: a write that changes nothing
/// would write nothing.
struct Request: Sendable {
    private(set) var bytes: [UInt8]
    private var rounds: [Int] = []
    private static let roundDigits = 10
    private static let mark = String(repeating: "7", count: roundDigits)
    private static let text = String(repeating: "0123456789abcdef", count: 56)

    init(_ text: String) {
        bytes = Array(text.utf8)
        let mark = Array(Self.mark.utf8)
        var index = 0
        while index + mark.count <= bytes.count {
            if bytes[index] == mark[0], bytes[index..<index + mark.count].elementsEqual(mark) {
                rounds.append(index)
                index += mark.count
            } else {
                index += 1
            }
        }
    }

    func bytes(round: UInt64) -> [UInt8] {
        guard !rounds.isEmpty else { return bytes }
        var bytes = bytes
        for start in rounds {
            var rest = round
            for digit in (1..<Self.roundDigits).reversed() {
                bytes[start + digit] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
        return bytes
    }

    // MARK: Texts

    static func key(_ number: Int) -> String { #"{"p":{"S":"\#(number / 100)"},"c":{"N":"\#(number % 100)"}}"# }

    /// About 1 KB, of most types.
    static func item(_ number: Int) -> String {
        """
        {"p":{"S":"\(number / 100)"},"c":{"N":"\(number % 100)"},"round":{"N":"\(mark)"},"name":{"S":"a name"},\
        "ok":{"BOOL":true},"tags":{"SS":["a","b"]},"text":{"S":"\(text)"},"map":{"M":{"x":{"N":"1.5"},"y":{"S":"z"}}}}
        """
    }

    /// Beside the other items of its partition, and expired when it is put, though not so long ago as to be kept.
    static func expiringItem(_ number: Int) -> String {
        let end = time(nil) - 1
        return #"{"p":{"S":"\#(number / 100)"},"c":{"N":"1\#(mark)"},"end":{"N":"\#(end)"},"text":{"S":"\#(text)"}}"#
    }

    static func batch(_ numbers: [Int]) -> Request {
        let puts = numbers.map { #"{"PutRequest":{"Item":\#(item($0))}}"# }
        return Request(#"{"RequestItems":{"bench":[\#(puts.joined(separator: ","))]}}"#)
    }

    /// An item without more than its key, one for each of some partitions.
    static func partitionMarks(_ partitions: Range<Int>) -> Request {
        let puts = partitions.map { #"{"PutRequest":{"Item":{"p":{"S":"\#($0)"},"c":{"N":"0"}}}}"# }
        return Request(#"{"RequestItems":{"order":[\#(puts.joined(separator: ","))]}}"#)
    }
}
