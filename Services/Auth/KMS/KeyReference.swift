import ServiceKit

/// What `KeyId` may be: a key's identifier or ARN, or an alias's name or ARN.
struct KeyReference: Sendable, Equatable {
    enum Target: Sendable, Equatable {
        case key(String)
        /// With `alias/` before it.
        case alias(String)
    }

    let target: Target
    let account: String

    /// - Throws: `NotFoundException` for what cannot be a key's name, and for another region's; `InvalidArnException`.
    init(_ text: String, in call: Call) throws {
        guard text.hasPrefix("arn:") else {
            target = try Self.target(text)
            account = call.account
            return
        }
        guard let arn = ARN(text), arn.service == "kms" else { throw ServiceError.invalidARN(text) }
        guard arn.region == call.region else { throw ServiceError.otherRegion(arn.region) }
        if arn.resource.hasPrefix(Alias.prefix) {
            target = .alias(arn.resource)
        } else if arn.resource.hasPrefix("key/") {
            target = try Self.target(String(arn.resource.dropFirst("key/".count)))
        } else {
            throw ServiceError.invalidARN(text)
        }
        account = arn.account
    }

    private static func target(_ text: String) throws -> Target {
        if text.hasPrefix(Alias.prefix) { return .alias(text) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12], parts.allSatisfy({ Hex.decode($0.utf8) != nil }) else {
            throw ServiceError.invalidKeyID(text)
        }
        return .key(text.lowercased())
    }
}
