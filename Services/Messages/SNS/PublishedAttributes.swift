import ServiceKit

/// The attributes of a published message by name.
struct PublishedAttributes: MemberValue, JSONWritable, Sendable {
    struct Attribute: InputShape, OutputShape {
        let dataType: String
        let text: String?
        let binary: Blob?

        init(_ member: Members) throws {
            dataType = try member("DataType")
            text = try member("StringValue")
            binary = try member("BinaryValue")
        }

        func write(to json: inout JSONWriter) {
            json.member("DataType", dataType)
            json.member("StringValue", text)
            json.member("BinaryValue", binary)
        }

        var baseType: Substring { dataType.prefix { $0 != "." } }
        var byteCount: Int { dataType.utf8.count + (text?.utf8.count ?? 0) + (binary?.bytes.count ?? 0) }
    }

    private(set) var values: [String: Attribute]

    init() { values = [:] }
    init(json value: JSONValue) throws { values = try [String: Attribute](json: value) }
    func writeValue(to json: inout JSONWriter) { json.value(values) }

    var isEmpty: Bool { values.isEmpty }
    var byteCount: Int { values.reduce(0) { $0 + $1.key.utf8.count + $1.value.byteCount } }

    /// In the order of names.
    var sorted: [(name: String, attribute: Attribute)] {
        values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// - Throws: `InvalidParameterValueException`
    func check() throws {
        for (name, attribute) in sorted {
            try PublishedAttributes.checkName(name)
            try attribute.check(name)
        }
    }

    private static func checkName(_ name: String) throws {
        guard name.utf8.count < 256 else {
            throw ServiceError.invalidValue("Length of message attribute name must be less than 256 bytes.")
        }
        for byte in name.utf8 where !TopicName.isNameByte(byte) && byte != UInt8(ascii: ".") {
            throw ServiceError.invalidValue(
                "Invalid non-alphanumeric character '#x\(String(byte, radix: 16, uppercase: true))' was found in the "
                    + "message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots."
            )
        }
        if name.hasPrefix(".") {
            throw ServiceError.invalidValue("Invalid message attribute name starting with character '.' was found.")
        }
        if name.hasSuffix(".") {
            throw ServiceError.invalidValue("Invalid message attribute name ending with character '.' was found.")
        }
        if name.split(separator: ".", omittingEmptySubsequences: false).contains("") {
            throw ServiceError.invalidValue("Message attribute name can not have successive '.' character.")
        }
    }

    /// What a filter policy sees of an attribute: the elements of a `String.Array`, one value of others.
    func filterValues(of name: String) -> [FilterValue] {
        guard let attribute = values[name], let text = attribute.text else { return [] }
        if attribute.dataType == "String.Array" {
            guard let list = try? JSONDocument(Array(text.utf8)).root else { return [] }
            return list.elements.compactMap(FilterValue.init)
        }
        if attribute.baseType == "Number" { return Double(text).map { [.number($0)] } ?? [] }
        return [.string(text)]
    }
}

extension PublishedAttributes.Attribute {
    fileprivate func check(_ name: String) throws {
        let base = baseType
        guard ["String", "Number", "Binary"].contains(base) else {
            throw ServiceError.invalidValue(
                "The message attribute '\(name)' has an invalid message attribute type, the set of supported type "
                    + "prefixes is Binary, Number, and String.")
        }
        let isBinary = base == "Binary"
        let (own, other) = (isBinary ? binary != nil : text != nil, isBinary ? text != nil : binary != nil)
        guard own || !other else {
            throw ServiceError.invalidValue(
                "The message attribute '\(name)' with type '\(dataType)' must use field "
                    + "'\(isBinary ? "Binary" : "String")'.")
        }
        guard isBinary ? binary?.bytes.isEmpty == false : text?.isEmpty == false else {
            throw ServiceError.invalidValue(
                "The message attribute '\(name)' must contain non-empty message attribute value for message attribute "
                    + "type '\(dataType)'.")
        }
        if base == "Number", let text, Double(text) == nil {
            throw ServiceError.invalidValue(
                "Could not cast message attribute '\(name)' value to number.")
        }
    }
}
