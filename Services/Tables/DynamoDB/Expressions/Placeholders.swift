import ServiceKit

/// What `#name` and `:value` stand for in one request, and which of them its expressions used.
struct Placeholders: Sendable {
    private let names: [String: Text]
    private let values: [String: AttributeValue]
    private var unusedNames: Set<String>
    private var unusedValues: Set<String>

    static let none = Placeholders(names: nil, values: nil)

    /// Already validated parameters.
    init(names: [String: Text]?, values: [String: AttributeValue]?) {
        self.names = names ?? [:]
        self.values = values ?? [:]
        unusedNames = Set(self.names.keys)
        unusedValues = Set(self.values.keys)
    }

    /// - Throws: for empty parameters and for keys that no expression could use.
    static func check(
        names: [String: Text]?, valueKeys: [String]?
    ) throws(ServiceError) {
        if let names {
            guard !names.isEmpty else { throw .validation("ExpressionAttributeNames must not be empty") }
            for key in names.keys.sorted() { try checkKey(key, sigil: "#", parameter: "ExpressionAttributeNames") }
            for (key, name) in names where name.string.isEmpty {
                throw .validation(
                    "ExpressionAttributeNames contains invalid value: Empty attribute name for key \(key)")
            }
        }
        if let valueKeys {
            guard !valueKeys.isEmpty else { throw .validation("ExpressionAttributeValues must not be empty") }
            for key in valueKeys.sorted() { try checkKey(key, sigil: ":", parameter: "ExpressionAttributeValues") }
        }
    }

    private static func checkKey(_ key: String, sigil: String, parameter: String) throws(ServiceError) {
        let isWord = key.utf8.dropFirst().allSatisfy { byte in
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
        }
        guard key.hasPrefix(sigil), key.utf8.count > 1, isWord else {
            throw .validation("\(parameter) contains invalid key: Syntax error; key: \"\(key)\"")
        }
        guard key.utf8.count <= ExpressionLimits.placeholderSize else {
            throw .validation(
                "\(parameter) contains invalid key: The expression attribute map contains a key that is too long; "
                    + "key: \"\(key)\", maximum length: \(ExpressionLimits.placeholderSize)")
        }
    }

    // MARK: Resolving

    mutating func path(_ syntax: PathSyntax, in kind: ExpressionKind) throws(ServiceError) -> DocumentPath {
        var steps: [DocumentPath.Step] = []
        steps.reserveCapacity(syntax.steps.count)
        for step in syntax.steps {
            switch step {
            case .name(let name): steps.append(.attribute(Text(name)))
            case .index(let index): steps.append(.index(index))
            case .placeholder(let key): steps.append(.attribute(try name(key, in: kind)))
            }
        }
        guard case .attribute(let root)? = steps.first else { throw kind.fault("The expression can not be empty;") }
        return DocumentPath(root: root, steps: Array(steps.dropFirst()))
    }

    mutating func value(_ key: String, in kind: ExpressionKind) throws(ServiceError) -> AttributeValue {
        guard let value = values[key] else {
            throw kind.fault(
                "An expression attribute value used in expression is not defined; attribute value: \(key)")
        }
        unusedValues.remove(key)
        return value
    }

    private mutating func name(_ key: String, in kind: ExpressionKind) throws(ServiceError) -> Text {
        guard let name = names[key] else {
            throw kind.fault(
                "An expression attribute name used in the document path is not defined; attribute name: \(key)")
        }
        unusedNames.remove(key)
        return name
    }

    /// - Throws: for names or values that no expression of the request mentions.
    func requireAllUsed() throws(ServiceError) {
        try require(unusedNames, "ExpressionAttributeNames")
        try require(unusedValues, "ExpressionAttributeValues")
    }

    private func require(_ unused: Set<String>, _ parameter: String) throws(ServiceError) {
        guard unused.isEmpty else {
            let keys = unused.sorted().joined(separator: ", ")
            throw .validation("Value provided in \(parameter) unused in expressions: keys: {\(keys)}")
        }
    }
}
