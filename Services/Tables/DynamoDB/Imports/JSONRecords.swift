import ServiceKit

/// JSON objects one after the other, on lines of their own or not.
struct JSONFraming: RecordFraming {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    mutating func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws(MalformedSource) -> Int? {
        for index in start..<bytes.count {
            if isInString {
                advanceInString(bytes[index])
            } else if try advance(bytes[index]) {
                return index + 1
            }
        }
        return nil
    }

    func endsWithRecord() throws(MalformedSource) -> Bool {
        guard depth == 0 else { throw MalformedSource(reason: "The object ends inside a record.") }
        return false
    }

    private mutating func advanceInString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
        }
    }

    /// True at the end of a record. What stands between the braces is for the parser to judge.
    private mutating func advance(_ byte: UInt8) throws(MalformedSource) -> Bool {
        switch byte {
        case UInt8(ascii: "{"),
            UInt8(ascii: "[") where depth > 0:
            depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth == 0 { return true }
        case UInt8(ascii: "\"") where depth > 0: isInString = true
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return false
        default: break
        }
        guard depth > 0 else { throw MalformedSource(reason: "A record is not a JSON object.") }
        return false
    }
}

/// One line of DynamoDB JSON: `{"Item": {"pk": {"S": "text"}}}`.
enum JSONRecord {
    /// - Throws: `MalformedSource` for what is no item.
    static func item(_ record: [UInt8]) throws(MalformedSource) -> AttributeMap {
        do {
            guard let item = try JSONDocument(record).root["Item"] else {
                throw MalformedSource(reason: "A record has no Item.")
            }
            return try AttributeValueReader.map(item)
        } catch let error as MalformedSource {
            throw error
        } catch let error as AttributeValueFault {
            throw MalformedSource(reason: error.serviceError.message)
        } catch {
            throw MalformedSource(reason: "A record is not valid JSON: \(error)")
        }
    }
}
