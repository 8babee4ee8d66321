import ServiceKit

/// `email = "ann@example.com"` or `username ^= "an"`: one attribute, equality or prefix.
struct UserFilter: Sendable {
    private let attribute: String
    private let value: String
    private let isPrefix: Bool

    /// - Throws: `InvalidParameterException`
    init(_ text: String) throws {
        // The operator is the first: `=` and `^=` may stand in the value too.
        let isPrefix = text.prefix { $0 != "=" }.hasSuffix("^")
        let parts = text.split(separator: isPrefix ? "^=" : "=", maxSplits: 1)
        guard parts.count == 2 else { throw ServiceError.invalidParameter("Error while parsing filter.") }
        var value = parts[1].drop { $0 == " " }
        while value.last == " " { value.removeLast() }
        guard value.count >= 2, value.first == "\"", value.last == "\"" else {
            throw ServiceError.invalidParameter("Error while parsing filter.")
        }
        attribute = parts[0].filter { $0 != " " && $0 != "\"" }
        self.value = String(value.dropFirst().dropLast()).replacing("\\\"", with: "\"")
        self.isPrefix = isPrefix
    }

    func matches(_ user: User) -> Bool {
        let actual: String?
        switch attribute {
        case "username": actual = user.username
        case "sub": actual = user.sub
        case "cognito:user_status": actual = user.status.rawValue
        case "status": actual = user.isEnabled ? "Enabled" : "Disabled"
        default: actual = user[attribute]
        }
        guard let actual else { return false }
        return isPrefix ? actual.hasPrefix(value) : actual == value
    }
}
