import ServiceKit

/// A name for a key that can be turned to another one.
struct Alias: Sendable, OutputShape {
    static let prefix = "alias/"
    /// Names that services' own keys have.
    static let reservedPrefix = "alias/aws/"
    static let limitPerKey = 50

    let account: String
    let region: String
    /// With `alias/` before it.
    let name: String
    var keyID: String
    let created: Timestamp
    var updated: Timestamp

    var arn: ARN { ARN("kms", region: region, account: account, name) }

    /// Where `name` would stand.
    static func arn(_ name: String, in call: Call) -> ARN {
        ARN("kms", region: call.region, account: call.account, name)
    }

    /// - Throws: `ValidationException`, `InvalidAliasNameException`
    static func check(_ name: String) throws {
        guard name.hasPrefix(prefix), name != prefix else {
            throw ServiceError.validation(
                "Alias must start with the prefix \"alias/\". Please see "
                    + "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html")
        }
        guard !name.hasPrefix(reservedPrefix) else {
            throw ServiceError.invalidAlias("Alias \(name) is reserved for keys that AWS manages.")
        }
        guard !name.contains(":") else {
            throw ServiceError.validation("\(name) contains invalid characters for an alias")
        }
    }

    func write(to json: inout JSONWriter) {
        json.member("AliasName", name)
        json.member("AliasArn", arn)
        json.member("TargetKeyId", keyID)
        json.member("CreationDate", created)
        json.member("LastUpdatedDate", updated)
    }
}
