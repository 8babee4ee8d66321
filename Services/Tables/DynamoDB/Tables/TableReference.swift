import AWSModel
import ServiceKit

/// How a request names a table: by name, or by ARN, also another account's.
struct TableReference: Sendable, Hashable {
    /// As it was sent.
    let text: String
    let name: String
    /// `nil` for a plain name.
    let arn: ARN?

    init(_ text: String) {
        self.text = text
        // Most are plain names: do not take them apart.
        let arn = text.hasPrefix("arn:") ? ARN(text) : nil
        let isTable = arn?.service == "dynamodb" && arn?.resource.hasPrefix("table/") == true
        self.arn = isTable ? arn : nil
        name = isTable ? String((arn?.resource ?? "").split(separator: "/").dropFirst().first ?? "") : text
    }

    /// The table meant, in the caller's account and region unless an ARN says otherwise.
    func identity(in call: Call) -> TableIdentity {
        TableIdentity(account: arn?.account ?? call.account, region: arn?.region ?? call.region, name: name)
    }

    func arn(in call: Call) -> ARN { arn ?? identity(in: call).arn }

    /// - Throws: for a name no table can have.
    func validate() throws(ServiceError) {
        guard !TableIdentity.isValid(name) else { return }
        let broken = TableIdentity.requirements(brokenBy: name).map {
            "Value '\(name)' at 'tableName' failed to satisfy constraint: \($0)"
        }
        throw .validation(InputFault.validation(broken).message)
    }
}

extension TableReference: MemberValue {
    init(json value: JSONValue) throws { self.init(try String(json: value)) }
}

/// What makes a table's name unique.
struct TableIdentity: Sendable, Hashable {
    let account: String
    let region: String
    let name: String

    var arn: ARN { ARN("dynamodb", region: region, account: account, "table/\(name)") }

    /// 3 to 255 letters, digits, `_`, `-` and `.`.
    static func isValid(_ name: String) -> Bool { lengths.contains(name.utf8.count) && isOfAllowedCharacters(name) }

    /// In AWS's words and order.
    static let requirements = [
        "Member must have length less than or equal to \(lengths.upperBound)",
        "Member must have length greater than or equal to \(lengths.lowerBound)",
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ]

    static func requirements(brokenBy name: String) -> [String] {
        let isBroken = [
            name.utf8.count > lengths.upperBound, name.utf8.count < lengths.lowerBound, !isOfAllowedCharacters(name),
        ]
        return zip(requirements, isBroken).filter(\.1).map(\.0)
    }

    private static let lengths = 3...255

    private static func isOfAllowedCharacters(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
    }
}

extension TableDefinition {
    var identity: TableIdentity { TableIdentity(account: account, region: region, name: name) }
}
