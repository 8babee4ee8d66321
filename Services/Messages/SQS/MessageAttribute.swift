import ServiceKit

/// A typed value beside a message's body.
struct MessageAttribute: InputShape, OutputShape, Equatable {
    enum Value: Sendable, Equatable {
        case string(String)
        case binary([UInt8])
    }

    /// `String`, `Number` or `Binary`, with any suffix after a dot: `Number.int`.
    let dataType: String
    /// `nil` where the request gave a type and no value.
    let value: Value?

    init(_ member: Members) throws {
        dataType = try member("DataType")
        if let text: String = try member("StringValue") {
            value = .string(text)
        } else if let blob: Blob = try member("BinaryValue") {
            value = .binary(blob.bytes)
        } else {
            value = nil
        }
    }

    func write(to json: inout JSONWriter) {
        switch value {
        case .string(let text): json.member("StringValue", text)
        case .binary(let bytes): json.member("BinaryValue", Blob(bytes))
        case nil: break
        }
        json.member("DataType", dataType)
    }

    var bytes: [UInt8] {
        switch value {
        case .string(let text): Array(text.utf8)
        case .binary(let bytes): bytes
        case nil: []
        }
    }

    /// The type before its suffix.
    var baseType: Substring { dataType.prefix { $0 != "." } }

    /// - Throws: `InvalidParameterValue`
    func check(name: String) throws {
        try MessageAttribute.checkName(name)
        guard dataType.utf8.count < 256 else {
            throw ServiceError.invalidParameter("Message (user) attribute types must be shorter than 256 Bytes")
        }
        switch (baseType, value) {
        case ("String", .string(let text)) where !text.isEmpty: try MessageBody.checkCharacters(of: text)
        case ("Number", .string(let text)) where !text.isEmpty: try MessageAttribute.checkNumber(text, name)
        case ("Binary", .binary(let bytes)) where !bytes.isEmpty: break
        case ("String", _), ("Number", _), ("Binary", _):
            // A number is sent as a string.
            let type = baseType == "Binary" ? "Binary" : "String"
            throw ServiceError.invalidParameter(
                "Message (user) attribute '\(name)' must contain a non-empty value of type '\(type)'.")
        default:
            throw ServiceError.invalidParameter(
                "The type of message (user) attribute '\(name)' is invalid. You must use only the following "
                    + "supported type prefixes: Binary, Number, String.")
        }
    }

    private static func checkName(_ name: String) throws {
        guard name.utf8.count <= 256 else {
            throw ServiceError.invalidParameter("Message (user) attribute names must be shorter than 256 Bytes")
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.joined().isEmpty || QueueName.isIdentifier(parts.joined()) else {
            throw ServiceError.invalidParameter(
                "Message (user) attributes name can only contain upper and lower score characters, digits, periods, "
                    + "hyphens and underscores. ")
        }
        let isReserved = ["aws", "amazon"].contains(parts[0].lowercased()) && parts.count > 1
        guard !isReserved, parts.allSatisfy({ !$0.isEmpty }) else {
            throw ServiceError.invalidParameter(
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. "
                    + "These strings are reserved for internal use. Additionally, they cannot start or end with '.'.")
        }
    }

    private static func checkNumber(_ text: String, _ name: String) throws {
        guard let number = Double(text), number.isFinite else {
            throw ServiceError.invalidParameter(
                "Can't cast the value of message (user) attribute '\(name)' to a number.")
        }
    }
}
