import ServiceKit

/// The attributes of a message by name.
struct MessageAttributes: MemberValue, JSONWritable, Sendable, Equatable {
    private(set) var values: [String: MessageAttribute]

    init(_ values: [String: MessageAttribute] = [:]) { self.values = values }

    init(json value: JSONValue) throws { values = try [String: MessageAttribute](json: value) }

    func writeValue(to json: inout JSONWriter) { json.value(values) }

    var isEmpty: Bool { values.isEmpty }

    /// What the attributes add to a message's size.
    var byteCount: Int {
        values.reduce(0) { $0 + $1.key.utf8.count + $1.value.dataType.utf8.count + $1.value.bytes.count }
    }

    func check() throws {
        guard values.count <= 10 else {
            throw ServiceError.invalidParameter(
                "Number of message attributes [\(values.count)] exceeds the allowed maximum [10].")
        }
        for (name, attribute) in values.sorted(by: { $0.key < $1.key }) { try attribute.check(name: name) }
    }

    /// Those a receiver asked for: `All` and `.*` mean every one, `bar.*` those that begin with `bar.`
    func selected(by names: [String]) -> MessageAttributes {
        if names.contains("All") || names.contains(".*") { return self }
        let prefixes = names.filter { $0.hasSuffix(".*") }.map { $0.dropLast() }
        return MessageAttributes(
            values.filter { name, _ in
                names.contains(name) || prefixes.contains { name.hasPrefix($0) }
            })
    }

    /// The digest SDKs compare; `nil` without attributes.
    ///
    /// [Algorithm](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation)
    var md5: String? {
        if values.isEmpty { return nil }
        var digest = MD5()
        // Names are ASCII, so their order is that of their bytes.
        for (name, attribute) in values.sorted(by: { $0.key < $1.key }) {
            digest.updateCounted(Array(name.utf8))
            digest.updateCounted(Array(attribute.dataType.utf8))
            digest.update([attribute.baseType == "Binary" ? 2 : 1])
            digest.updateCounted(attribute.bytes)
        }
        return Hex.string(digest.finalize())
    }
}

extension MD5 {
    /// The bytes after their count, four bytes big endian.
    fileprivate mutating func updateCounted(_ bytes: [UInt8]) {
        update(withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) })
        update(bytes)
    }
}
