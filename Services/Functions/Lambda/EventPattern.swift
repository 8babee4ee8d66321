import ServiceKit

/// A filter over JSON documents: which members there must be, and which values they may have.
///
/// [Syntax](https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax)
struct EventPattern: Sendable {
    struct Invalid: Error {}

    private let root: JSONValue

    init(_ json: [UInt8]) throws {
        root = try JSONDocument(json).root
        guard root.kind == .object else { throw Invalid() }
        try Self.validate(root)
    }

    func matches(_ document: JSONValue) -> Bool { Self.matches(object: root, document) }

    private static func validate(_ pattern: JSONValue) throws {
        for member in pattern.members {
            switch member.value.kind {
            case .object: try validate(member.value)
            case .array: continue
            default: throw Invalid()
            }
        }
    }

    private static func matches(object pattern: JSONValue, _ document: JSONValue) -> Bool {
        pattern.members.allSatisfy { member in
            if member.name == "$or" { return member.value.elements.contains { matches(object: $0, document) } }
            let value = document.kind == .object ? document[member.name] : nil
            if member.value.kind == .array { return matches(anyOf: member.value, value) }
            // Text that holds JSON, such as a message's body, is looked into.
            guard let value = value?.kind == .string ? parsed(value) : value else {
                return matches(object: member.value, JSONDocument.absent)
            }
            return matches(object: member.value, value)
        }
    }

    private static func parsed(_ text: JSONValue?) -> JSONValue? {
        text?.string.flatMap { try? JSONDocument(Array($0.utf8)).root }
    }

    private static func matches(anyOf rules: JSONValue, _ value: JSONValue?) -> Bool {
        rules.elements.contains { rule in
            if rule.kind == .object, let exists = rule["exists"]?.bool { return exists == (value != nil) }
            guard let value else { return false }
            // A list matches where one of its elements does.
            return value.kind == .array ? value.elements.contains { matches(rule, $0) } : matches(rule, value)
        }
    }

    private static func matches(_ rule: JSONValue, _ value: JSONValue) -> Bool {
        guard rule.kind == .object else { return isEqual(rule, value) }
        return rule.members.allSatisfy { test in
            switch test.name {
            case "prefix": value.string?.hasPrefix(test.value.string ?? "\0") ?? false
            case "suffix": value.string?.hasSuffix(test.value.string ?? "\0") ?? false
            case "equals-ignore-case": value.string?.lowercased() == test.value.string?.lowercased()
            case "anything-but": !isExcluded(test.value, value)
            case "numeric": isInRange(test.value, value)
            default: false
            }
        }
    }

    private static func isExcluded(_ rule: JSONValue, _ value: JSONValue) -> Bool {
        if rule.kind == .array { return rule.elements.contains { isEqual($0, value) } }
        return matches(rule, value)
    }

    /// `[">", 0, "<=", 5]`
    private static func isInRange(_ rule: JSONValue, _ value: JSONValue) -> Bool {
        guard let number = value.double else { return false }
        let parts = Array(rule.elements)
        return stride(from: 0, to: parts.count - 1, by: 2).allSatisfy { index in
            guard let bound = parts[index + 1].double else { return false }
            return switch parts[index].string {
            case "=": number == bound
            case "<": number < bound
            case "<=": number <= bound
            case ">": number > bound
            case ">=": number >= bound
            default: false
            }
        }
    }

    private static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard left.kind == right.kind else { return false }
        return switch left.kind {
        case .string: left.string == right.string
        case .number: left.double == right.double
        case .bool: left.bool == right.bool
        case .null: true
        case .object, .array: false
        }
    }
}

extension JSONDocument {
    /// Stands for a member that is not there: no rule but `exists: false` matches in it.
    fileprivate static let absent: JSONValue = {
        guard let document = try? JSONDocument(Array("{}".utf8)) else { preconditionFailure("{} is JSON") }
        return document.root
    }()
}
