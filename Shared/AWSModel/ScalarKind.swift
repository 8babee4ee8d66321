import Bytes
import JSON

/// Which JSON values stand for which scalar shapes.
enum ScalarKind {
    /// What the shape's bounds measure: a number itself, a string's characters, a blob's bytes; `nil` where nothing is
    /// constrained.
    ///
    /// - Throws: `InputFault.serialization` where the value cannot be one of the shape's.
    static func length(of value: JSONValue, _ shape: Shape) throws(InputFault) -> Double? {
        switch (shape.kind, value.kind) {
        case (.string, .string), (.character, .string):
            return shape.constraint.isEmpty ? nil : value.withStringBytes(characterCount)
        case (.boolean, .bool): return nil
        case (.integer, .number), (.long, .number), (.float, .number), (.double, .number), (.timestamp, .number),
            (.biginteger, .number), (.bigdecimal, .number):
            return shape.constraint.isEmpty ? nil : value.double
        case (.float, .string), (.double, .string):
            guard ["NaN", "Infinity", "-Infinity"].contains(value.string) else { throw mismatch(value, shape) }
            return nil
        case (.blob, .string):
            return try blobLength(value)
        default: throw mismatch(value, shape)
        }
    }

    static func mismatch(_ value: JSONValue, _ shape: Shape) -> InputFault {
        switch value.kind {
        case .array: return .serialization("Start of list found where not expected")
        case .object: return .serialization("Start of structure or map found where not expected")
        default: break
        }
        guard shape.isScalar else { return .serialization("Unexpected field type") }
        return .serialization("\(tokenName(of: value)) cannot be converted to \(typeName(of: shape))")
    }

    private static func blobLength(_ value: JSONValue) throws(InputFault) -> Double? {
        let length = value.withStringBytes { text -> Double? in
            guard text.count.isMultiple(of: 4) else { return nil }
            return Double(text.count / 4 * 3 - text.suffix(2).count { $0 == UInt8(ascii: "=") })
        }
        if let length = length ?? nil { return length }
        let count = value.withStringBytes(\.count) ?? 0
        throw .serialization("Base64 encoded length is expected a multiple of 4 bytes but found: \(count)")
    }

    private static func tokenName(of value: JSONValue) -> String {
        switch value.kind {
        case .bool: value.bool == true ? "TRUE_VALUE" : "FALSE_VALUE"
        case .number: value.numberText?.contains { ".eE".contains($0) } == true ? "DECIMAL_VALUE" : "NUMBER_VALUE"
        case .string: "STRING_VALUE"
        case .null, .array, .object: "NULL_VALUE"
        }
    }

    static func typeName(of shape: Shape) -> String {
        switch shape.kind {
        case .string, .character: "String"
        case .boolean: "Boolean"
        case .integer: "Integer"
        case .long: "Long"
        case .float: "Float"
        case .double: "Double"
        case .blob: "ByteBuffer"
        case .timestamp: "Date"
        case .biginteger: "BigInteger"
        case .bigdecimal: "BigDecimal"
        case .structure, .list, .map: shape.name
        }
    }

    /// Unicode scalars: every byte but UTF-8's continuations.
    static func characterCount(_ text: UnsafeBufferPointer<UInt8>) -> Double {
        var count = 0
        for byte in text where byte & 0xc0 != 0x80 { count += 1 }
        return Double(count)
    }
}
