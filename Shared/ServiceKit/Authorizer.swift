/// Decides whether a caller holds a permission.
public protocol Authorizer: Sendable {
    /// - Throws: the service's access-denied error, saying which kind of policy decided.
    func require(_ permission: Permission, of service: AWSService, operation: String, in call: Call) async throws
}
