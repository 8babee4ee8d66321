import Bytes
import Time

/// Members under names that stand for themselves, as those of models do, each written at one go: a page of a listing is
/// thousands of them.
extension JSONWriter {
    /// A string from its UTF-8 bytes, which must be well-formed.
    public mutating func member(_ name: StaticString, utf8 text: UnsafeBufferPointer<UInt8>) {
        guard PlainText.isPlain(text) else {
            self.name(utf8: name.bytes)
            return string(utf8: text)
        }
        append(name, "\"", text, "\"")
    }

    /// A string in quotation marks of its own, as entity tags are.
    public mutating func member(_ name: StaticString, inQuotes text: UnsafeBufferPointer<UInt8>) {
        guard PlainText.isPlain(text) else {
            self.name(utf8: name.bytes)
            return string("\"" + String(decoding: text, as: UTF8.self) + "\"")
        }
        append(name, #""\""#, text, #"\"""#)
    }

    public mutating func member(_ name: StaticString, number: Int64) {
        DecimalText.with(number) { append(name, "", $0, "") }
    }

    public mutating func member(_ name: StaticString, time: Timestamp) {
        self.name(utf8: name.bytes)
        time.writeValue(to: &self)
    }

    /// A value that is JSON already.
    public mutating func member(_ name: StaticString, raw json: UnsafeBufferPointer<UInt8>) {
        append(name, "", json, "")
    }

    private mutating func append(
        _ name: StaticString, _ before: StaticString, _ text: UnsafeBufferPointer<UInt8>, _ behind: StaticString
    ) {
        let comma = needsComma
        let around = name.utf8CodeUnitCount + before.utf8CodeUnitCount + behind.utf8CodeUnitCount + 4
        bytes.append(addingCapacity: around + text.count) { span in
            if comma { span.append(UInt8(ascii: ",")) }
            span.append(UInt8(ascii: "\""))
            span.append(copying: name.bytes)
            span.append(UInt8(ascii: "\""))
            span.append(UInt8(ascii: ":"))
            span.append(copying: before.bytes)
            span.append(copying: text)
            span.append(copying: behind.bytes)
        }
        needsComma = true
    }
}
