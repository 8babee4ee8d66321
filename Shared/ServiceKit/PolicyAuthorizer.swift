/// Evaluates the policies that apply to a caller and a resource.
struct PolicyAuthorizer: Authorizer {
    func require(_ permission: Permission, of service: AWSService, operation: String, in call: Call) async throws {
        if call.caller.kind == .root { return }
        throw ServiceError.accessDenied(
            call, permission.action ?? "\(service.actionPrefix):\(operation)", on: permission.resource, in: service)
    }
}

extension ServiceHost {
    func authorizer(for services: [AWSService]) throws -> any Authorizer { PolicyAuthorizer() }
}
