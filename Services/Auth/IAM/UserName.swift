import ServiceKit

/// Operations on a user may leave the name out: the caller's own.
enum UserName {
    /// - Throws: `ValidationError` where the caller is no user.
    static func resolve(_ name: String?, in call: Call) throws -> String {
        if let name { return name }
        guard call.caller.kind == .user, let own = call.caller.arn.split(separator: "/").last else {
            throw ServiceError.validation("Must specify userName when calling with non-User credentials")
        }
        return String(own)
    }

    /// Keys of the account's root have no user: `nil` where root leaves the name out.
    static func resolveKeyHolder(_ name: String?, in call: Call) throws -> String? {
        name == nil && call.caller.kind == .root ? nil : try resolve(name, in: call)
    }
}
