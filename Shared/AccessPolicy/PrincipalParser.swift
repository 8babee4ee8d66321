import JSON

/// Reads `"*"` or `{"AWS": …, "Service": …, "Federated": …, "CanonicalUser": …}`.
enum PrincipalParser {
    static func parse(_ value: JSONValue) throws -> [PrincipalList.Entry] {
        if let text = value.string {
            guard text == "*" else { throw PolicyError("Invalid principal in policy: \"AWS\":\"\(text)\"") }
            return [.everyone]
        }
        guard value.kind == .object else { throw PolicyError.syntax }
        var entries: [PrincipalList.Entry] = []
        for member in value.members {
            for text in try PolicyParser.texts(member.value) { entries.append(try entry(member.name, text)) }
        }
        guard !entries.isEmpty else { throw PolicyError.syntax }
        return entries
    }

    private static func entry(_ type: String, _ text: String) throws -> PrincipalList.Entry {
        switch type {
        case "AWS":
            guard let entry = principal(text) else {
                throw PolicyError("Invalid principal in policy: \"AWS\":\"\(text)\"")
            }
            return entry
        case "Service":
            guard text.contains(".") || text == "*" else {
                throw PolicyError("Invalid principal in policy: \"SERVICE\":\"\(text)\"")
            }
            return .service(text)
        case "Federated": return .federated(text)
        case "CanonicalUser": return .canonicalUser(text)
        default: throw PolicyError.syntax
        }
    }

    static func principal(_ text: String) -> PrincipalList.Entry? {
        if text == "*" { return .everyone }
        if text.utf8.count == 12, text.utf8.allSatisfy(\.isDigit) { return .account(text) }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else {
            // The identifier that AWS shows in place of a principal that was deleted: it names nobody any more.
            return text.hasPrefix("AIDA") || text.hasPrefix("AROA") ? .arn(text) : nil
        }
        guard parts[0] == "arn", parts[2] == "iam" || parts[2] == "sts", parts[4].utf8.count == 12,
            parts[4].utf8.allSatisfy(\.isDigit), !text.contains("*")
        else { return nil }
        return parts[5] == "root" ? .account(String(parts[4])) : .arn(text)
    }
}
