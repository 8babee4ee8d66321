import ServiceKit

/// Lines of CSV (RFC 4180); a quoted field may hold line breaks. Empty lines are passed over.
struct CSVFraming: RecordFraming {
    private var isQuoted = false
    private var isEmpty = true

    mutating func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws(MalformedSource) -> Int? {
        for index in start..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                // A doubled quote ends the quoting and begins it again.
                isQuoted.toggle()
                isEmpty = false
            case UInt8(ascii: "\n") where !isQuoted && !isEmpty:
                isEmpty = true
                return index + 1
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
            default: isEmpty = false
            }
        }
        return nil
    }

    func endsWithRecord() throws(MalformedSource) -> Bool {
        guard !isQuoted else { throw MalformedSource(reason: "The object ends inside a quoted field.") }
        return !isEmpty
    }
}
