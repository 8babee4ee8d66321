import JSON

/// A step on the way to a value, rendered only when there is something to report.
enum PathStep {
    case member(Member)
    /// From 1, as AWS counts.
    case index(Int)
    case key(JSONMember)
}

extension [PathStep] {
    /// `keySchema.1.member.attributeName`
    var rendered: String { joined(\.lowercasedFirst) }

    /// `KeySchema.1.member.AttributeName`
    var spelled: String { joined(\.self) }

    /// The member of the input in which the path begins.
    var memberName: String? {
        guard case .member(let member)? = first else { return nil }
        return member.name
    }

    private func joined(_ spelling: (String) -> String) -> String {
        map { step in
            switch step {
            case .member(let member): spelling(member.name)
            case .index(let index): "\(index).member"
            case .key(let entry): "\(entry.name).member"
            }
        }
        .joined(separator: ".")
    }

    /// Whether the model wants the value at the end of the path kept out of messages.
    func isSensitive(in model: ServiceModel) -> Bool {
        contains { step in
            guard case .member(let member) = step else { return false }
            return member.traits.isSensitive || model[member.target].traits.isSensitive
        }
    }
}

extension String {
    /// AWS's lower camel case changes the first letter alone: `sSESpecification`.
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}

/// A value as AWS's messages show it.
public enum ValueText {
    private static let limit = 2048

    public static func of(_ value: JSONValue) -> String {
        var text = ""
        append(value, to: &text)
        return text
    }

    private static func append(_ value: JSONValue, to text: inout String) {
        guard text.utf8.count < limit else { return }
        switch value.kind {
        case .string: text += value.string ?? ""
        case .array:
            text += "["
            for (index, element) in value.elements.enumerated() {
                if index > 0 { text += ", " }
                append(element, to: &text)
            }
            text += "]"
        case .object:
            text += "{"
            for (index, member) in value.members.enumerated() {
                if index > 0 { text += ", " }
                text += member.name + "="
                append(member.value, to: &text)
            }
            text += "}"
        default: text += String(decoding: value.rawBytes, as: UTF8.self)
        }
    }
}
