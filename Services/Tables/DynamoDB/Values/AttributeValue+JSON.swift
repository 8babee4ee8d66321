import AWSModel
import Bytes
import JSON
import ServiceKit

/// Reads values in DynamoDB's JSON, `{"S": "text"}`, with its rules and wordings.
struct AttributeValueReader {
    /// Attributes by name, as in `Item` and `Key`.
    static func map(_ json: JSONValue, depth: Int = 0) throws(AttributeValueFault) -> AttributeMap {
        guard json.kind == .object else { throw unexpected(json, asJava: "java.util.Map") }
        var entries: [AttributeMap.Entry] = []
        for member in json.members where !member.value.isNull {
            let name = member.withNameBytes { Text(utf8: $0) }
            entries.append(AttributeMap.Entry(name: name, value: try value(member.value, depth: depth)))
        }
        return AttributeMap(unsorted: entries)
    }

    /// One value; `depth` counts the lists and maps around it.
    static func value(_ json: JSONValue, depth: Int = 0) throws(AttributeValueFault) -> AttributeValue {
        guard depth < ItemLimits.nesting else { throw AttributeValueFault(.tooDeep, .nestedTooDeeply) }
        guard json.kind == .object else {
            throw unexpected(json, asJava: "com.amazonaws.dynamodb.v20120810.AttributeValue")
        }
        var found: AttributeValue?
        for member in json.members where !member.value.isNull {
            guard let kind = member.withNameBytes({ AttributeValue.Kind(utf8: $0) }) else { continue }
            // What is wrong with either of two comes before their being two.
            let value = try value(member.value, of: kind, depth: depth)
            guard found == nil else {
                throw AttributeValueFault(
                    .malformed,
                    .validation(
                        "Supplied AttributeValue has more than one datatypes set, "
                            + "must contain exactly one of the supported datatypes"))
            }
            found = value
        }
        guard let found else {
            throw AttributeValueFault(
                .malformed,
                .validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"))
        }
        return found
    }

    private static func value(
        _ json: JSONValue, of kind: AttributeValue.Kind, depth: Int
    ) throws(AttributeValueFault) -> AttributeValue {
        switch kind {
        case .string: return .string(try text(json))
        case .number: return .number(try number(json))
        case .binary: return .binary(try bytes(json))
        case .bool: return .bool(try bool(json))
        case .null:
            guard try bool(json) else {
                throw .invalidParameter(.forbidden, "Null attribute value types must have the value of true")
            }
            return .null
        case .map: return .map(try map(json, depth: depth + 1))
        case .list:
            var list: [AttributeValue] = []
            for element in try elements(json) { list.append(try value(element, depth: depth + 1)) }
            return .list(list)
        case .stringSet: return try stringSet(json)
        case .numberSet: return try numberSet(json)
        case .binarySet: return try binarySet(json)
        }
    }

    // MARK: Sets

    private static func stringSet(_ json: JSONValue) throws(AttributeValueFault) -> AttributeValue {
        var set: [Text] = []
        for element in try elements(json) { set.append(try text(element)) }
        guard !set.isEmpty else { throw .invalidParameter(.forbidden, "An string set  may not be empty") }
        let sorted = set.sorted()
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0 < $1 }) else {
            let list = set.map(\.string).joined(separator: ", ")
            let newer = asReadUntilRepeated(set, by: <).map { "\"\($0.string)\"" }.joined(separator: ", ")
            throw .invalidParameter(
                .badSet, "Input collection [\(list)] contains duplicates.",
                newer: "Input collection [\(newer)] contains duplicates.")
        }
        return .stringSet(sorted)
    }

    private static func numberSet(_ json: JSONValue) throws(AttributeValueFault) -> AttributeValue {
        var set: [DynamoDBNumber] = []
        for element in try elements(json) { set.append(try number(element)) }
        guard !set.isEmpty else { throw .invalidParameter(.badSet, "An number set  may not be empty") }
        set.sort()
        guard zip(set, set.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw AttributeValueFault(
                .badSet, .validation("Input collection contains duplicates"),
                newer: .invalidParameter("Input collection contains duplicates."))
        }
        return .numberSet(set)
    }

    private static func binarySet(_ json: JSONValue) throws(AttributeValueFault) -> AttributeValue {
        var set: [[UInt8]] = []
        for element in try elements(json) { set.append(try bytes(element)) }
        guard !set.isEmpty else { throw .invalidParameter(.forbidden, "Binary sets should not be empty") }
        let sorted = set.sorted(by: ByteOrder.isOrdered)
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0 != $1 }) else {
            let list = set.map { Base64.string($0) }.joined(separator: ", ")
            let newer = asReadUntilRepeated(set, by: ByteOrder.isOrdered).map { "\"\(Base64.string($0))\"" }
            throw .invalidParameter(
                .badSet, "Input collection [\(list)]of type BS contains duplicates.",
                newer: "Input collection [\(newer.joined(separator: ","))]of type BS contains duplicates.")
        }
        return .binarySet(sorted)
    }

    /// What was read of a set in its order, then the element read again, and the rest as it came.
    private static func asReadUntilRepeated<Element: Hashable>(
        _ elements: [Element], by isOrdered: (Element, Element) -> Bool
    ) -> [Element] {
        var seen: Set<Element> = []
        let count = elements.prefix { seen.insert($0).inserted }.count
        return elements[..<count].sorted(by: isOrdered) + elements[count...]
    }

    // MARK: Scalars

    private static func text(_ json: JSONValue) throws(AttributeValueFault) -> Text {
        guard let text = json.withStringBytes({ Text(utf8: $0) }) else {
            throw unexpected(json, asJava: "java.lang.String")
        }
        return text
    }

    private static func number(_ json: JSONValue) throws(AttributeValueFault) -> DynamoDBNumber {
        let parsed = json.withStringBytes { bytes in
            Result { () throws(ServiceError) in try DynamoDBNumber(bytes) }
        }
        guard let parsed else { throw unexpected(json, asJava: "java.lang.String") }
        do { return try parsed.get() } catch { throw .badNumber(error) }
    }

    private static func bytes(_ json: JSONValue) throws(AttributeValueFault) -> [UInt8] {
        switch json.kind {
        case .string: break
        case .array, .object: throw unexpected(json, asJava: "java.nio.ByteBuffer")
        default: throw .unreadable("only base-64-encoded strings are convertible to bytes")
        }
        let length = json.withStringBytes { $0.count } ?? 0
        guard length.isMultiple(of: 4) else {
            throw .unreadable(
                "Base64 encoded length is expected a multiple of 4 bytes but found: \(length)")
        }
        guard let bytes = json.withStringBytes({ Base64.decode($0) }) ?? nil else {
            throw .unreadable("Invalid last non-pad Base64 character dectected")
        }
        return bytes
    }

    private static func bool(_ json: JSONValue) throws(AttributeValueFault) -> Bool {
        if let bool = json.bool { return bool }
        guard let word = json.string else { throw unexpected(json, asJava: "java.lang.Boolean") }
        // AWS's reader takes words, too.
        guard let bool = JavaWording.bool(word) else {
            throw .unreadable("Unexpected token received from parser")
        }
        return bool
    }

    private static func elements(_ json: JSONValue) throws(AttributeValueFault) -> JSONElements {
        switch json.kind {
        case .array: return json.elements
        case .object: throw .unreadable("Start of structure or map found where not expected")
        default: throw .unreadable("Unexpected field type")
        }
    }

    /// AWS's wordings name the Java class its reader wanted.
    private static func unexpected(_ json: JSONValue, asJava type: String) -> AttributeValueFault {
        let simpleName = type.split(separator: ".").last.map(String.init) ?? type
        let isScalar = simpleName == "String" || simpleName == "Boolean"
        switch json.kind {
        case .array: return .unreadable("Unrecognized collection type class \(type)")
        case .object: return .unreadable("Start of structure or map found where not expected")
        case .string: return .unreadable("Unexpected value type in payload")
        case .bool:
            let name = json.bool == true ? "TRUE_VALUE" : "FALSE_VALUE"
            return .unreadable(isScalar ? "\(name) cannot be converted to \(simpleName)" : "Unexpected field type")
        case .number:
            let isWhole = json.numberText?.utf8.allSatisfy { $0 &- 48 < 10 || $0 == UInt8(ascii: "-") } ?? false
            let name = isWhole ? "NUMBER_VALUE" : "DECIMAL_VALUE"
            return .unreadable(isScalar ? "\(name) cannot be converted to \(simpleName)" : "Unexpected field type")
        case .null: return .unreadable("Unexpected field type")
        }
    }
}

extension AttributeValue: JSONWritable {
    func writeValue(to json: inout JSONWriter) {
        json.object { json in
            json.name(kind.rawValue)
            writeContent(to: &json)
        }
    }

    private func writeContent(to json: inout JSONWriter) {
        switch self {
        case .string(let text): json.string(text.string)
        case .number(let number): json.string(number.text)
        case .binary(let bytes): json.string(Base64.string(bytes))
        case .bool(let bool): json.bool(bool)
        case .null: json.bool(true)
        case .map(let map): map.writeValue(to: &json)
        case .list(let list): json.array { json in for element in list { element.writeValue(to: &json) } }
        case .stringSet(let set): json.array { json in for element in set { json.string(element.string) } }
        case .numberSet(let set): json.array { json in for element in set { json.string(element.text) } }
        case .binarySet(let set): json.array { json in for element in set { json.string(Base64.string(element)) } }
        }
    }
}

extension AttributeMap: JSONWritable {
    func writeValue(to json: inout JSONWriter) {
        json.object { json in
            for entry in entries {
                json.name(entry.name.string)
                entry.value.writeValue(to: &json)
            }
        }
    }
}

extension AttributeValue: MemberValue {
    init(json value: JSONValue) throws { self = try AttributeValueReader.value(value) }
}

extension AttributeMap: MemberValue {
    init(json value: JSONValue) throws { self = try AttributeValueReader.map(value) }
}
