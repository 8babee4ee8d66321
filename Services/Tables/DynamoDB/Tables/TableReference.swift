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
        guard TableIdentity.isValid(name) else {
            throw .validation(
                "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, "
                    + "and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'")
        }
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
    static func isValid(_ name: String) -> Bool {
        (3...255).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
    }
}

extension TableDefinition {
    var identity: TableIdentity { TableIdentity(account: account, region: region, name: name) }
}
