/// Decides whether a caller holds a permission.
public protocol Authorizer: Sendable {
    /// - Throws: the service's access-denied error, saying which kind of policy decided.
    func require(_ permission: Permission, of service: AWSService, operation: String, in call: Call) async throws

    /// Whether any policy of the caller's own has a condition on a key that begins so, in lower case.
    func identity(of caller: Caller, asksAbout keyPrefix: String) async throws -> Bool
}

extension Authorizer {
    public func identity(of caller: Caller, asksAbout keyPrefix: String) async throws -> Bool { false }

    /// `require`, for the permission and what it also needs.
    func requireAll(
        of permission: Permission, of service: AWSService, operation: String, in call: Call
    ) async throws {
        try await require(permission, of: service, operation: operation, in: call)
        for other in permission.alsoNeeds { try await require(other, of: service, operation: operation, in: call) }
    }
}
