import JSON
import ServiceKit

/// DynamoDB's JSON in, stored bytes out: no value is made of what is only to be kept.
///
/// What is unusual about a value, and what is wrong with it, is left to `AttributeValueReader`, value by value: faults
/// are found in its order and told in its words.
struct JSONItemEncoder {
    private let source: JSONValue
    private var body: ItemEncoder
    /// DynamoDB's size of what was encoded.
    private var size = 0
    /// Where the attributes of all maps that are open begin.
    private var starts: [Int] = []
    private var repeatsName = false

    /// - Throws: for anything but attributes by name.
    static func encode(_ json: JSONValue) throws(AttributeValueFault) -> [UInt8] {
        try json.lend { (object) throws(AttributeValueFault) in
            guard object.isObject else { return ItemEncoder.encode(try AttributeValueReader.map(json)) }
            var encoder = JSONItemEncoder(json, capacity: object.byteCount)
            try encoder.appendAttributes(of: object, depth: 0)
            // Of those with one name the last counts.
            guard !encoder.repeatsName else { return ItemEncoder.encode(try AttributeValueReader.map(json)) }
            return encoder.item
        }
    }

    private init(_ source: JSONValue, capacity: Int) {
        self.source = source
        body = ItemEncoder(capacity: capacity)
    }

    private var item: [UInt8] {
        var item = ItemEncoder(capacity: body.bytes.count + 8)
        item.appendHeader(size: size)
        item.append(body)
        return item.bytes
    }

    // MARK: Attributes

    private mutating func appendAttributes(of object: JSONView, depth: Int) throws(AttributeValueFault) {
        let first = starts.count
        var count = 0
        for member in object.members where !member.value.isNull { count += 1 }
        body.append(varint: count)
        size += depth == 0 ? 0 : 3 + count
        var isSorted = true
        for member in object.members where !member.value.isNull {
            let start = body.bytes.count
            member.name.withStringBytes { name in
                size += name.count
                body.append(blob: name)
            }
            if starts.count > first { isSorted = isOrdered(starts[starts.count - 1], start) && isSorted }
            starts.append(start)
            try appendValue(member.value, depth: depth)
        }
        if !isSorted { sortAttributes(from: first) }
        starts.removeLast(starts.count - first)
    }

    /// Whether the attribute at one place belongs before that at another.
    private mutating func isOrdered(_ left: Int, _ right: Int) -> Bool {
        let order = body.bytes.withUnsafeBufferPointer { Self.compareNames($0, left, right) }
        if order == 0 { repeatsName = true }
        return order < 0
    }

    private mutating func sortAttributes(from first: Int) {
        let end = body.bytes.count
        let places = starts[first...]
        var stretches: [Range<Int>] = []
        stretches.reserveCapacity(places.count)
        for index in places.indices {
            stretches.append(places[index]..<(index + 1 < places.endIndex ? places[index + 1] : end))
        }
        var repeats = false
        body.bytes.withUnsafeBufferPointer { bytes in
            stretches.sort { left, right in
                let order = Self.compareNames(bytes, left.lowerBound, right.lowerBound)
                if order == 0 { repeats = true }
                return order < 0
            }
        }
        repeatsName = repeatsName || repeats
        body.reorder(from: starts[first], stretches)
    }

    private static func compareNames(_ bytes: UnsafeBufferPointer<UInt8>, _ left: Int, _ right: Int) -> Int {
        ByteOrder.compare(name(bytes, at: left), name(bytes, at: right))
    }

    /// The name an attribute begins with, as `ItemEncoder.append(blob:)` wrote it.
    private static func name(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UnsafeBufferPointer<UInt8> {
        var position = start
        var count = 0
        var shift = 0
        while bytes[position] >= 0x80 {
            count |= Int(bytes[position] & 0x7f) << shift
            shift += 7
            position += 1
        }
        count |= Int(bytes[position]) << shift
        return UnsafeBufferPointer(rebasing: bytes[position + 1..<position + 1 + count])
    }

    // MARK: Values

    private mutating func appendValue(_ json: JSONView, depth: Int) throws(AttributeValueFault) {
        if depth < ItemLimits.nesting, let (kind, content) = Self.onlyMember(of: json),
            try append(kind, content, depth: depth)
        {
            return
        }
        let value = try AttributeValueReader.value(source.value(of: json), depth: depth)
        size += value.size
        body.append(value)
    }

    /// The descriptor and the content of a value that has one of them.
    private static func onlyMember(of json: JSONView) -> (AttributeValue.Kind, JSONView)? {
        var members = json.members
        guard let member = members.next(), members.next() == nil, let name = member.name.plainString,
            let kind = AttributeValue.Kind(utf8: name)
        else { return nil }
        return (kind, member.value)
    }

    /// False, and nothing appended, for what is not usual.
    private mutating func append(
        _ kind: AttributeValue.Kind, _ json: JSONView, depth: Int
    ) throws(AttributeValueFault) -> Bool {
        switch kind {
        case .string: return appendString(json)
        case .number: return try appendNumber(json)
        case .bool, .null:
            guard let bool = json.bool, bool || kind == .bool else { return false }
            body.append(mark: kind == .null ? ItemFormat.null : bool ? ItemFormat.true : ItemFormat.false)
            size += 1
            return true
        case .map:
            guard json.isObject else { return false }
            body.append(mark: ItemFormat.map)
            let position = body.beginContainer()
            try appendAttributes(of: json, depth: depth + 1)
            body.endContainer(begunAt: position)
            return true
        case .list:
            guard json.isArray else { return false }
            try appendList(json, depth: depth + 1)
            return true
        case .binary, .stringSet, .numberSet, .binarySet: return false
        }
    }

    private mutating func appendString(_ json: JSONView) -> Bool {
        json.withStringBytes { text in
            body.append(mark: ItemFormat.string)
            body.append(blob: text)
            size += text.count
            return true
        } ?? false
    }

    private mutating func appendNumber(_ json: JSONView) throws(AttributeValueFault) -> Bool {
        guard let text = json.plainString else { return false }
        let number: DynamoDBNumber
        do { number = try DynamoDBNumber(text) } catch { throw .badNumber(error) }
        body.append(mark: ItemFormat.number)
        body.append(number)
        size += number.size
        return true
    }

    private mutating func appendList(_ json: JSONView, depth: Int) throws(AttributeValueFault) {
        body.append(mark: ItemFormat.list)
        let position = body.beginContainer()
        var count = 0
        for _ in json.elements { count += 1 }
        body.append(varint: count)
        size += 3 + count
        for element in json.elements { try appendValue(element, depth: depth) }
        body.endContainer(begunAt: position)
    }
}

extension StoredItem: MemberValue {
    init(json value: JSONValue) throws { self.init(bytes: try JSONItemEncoder.encode(value)) }
}
