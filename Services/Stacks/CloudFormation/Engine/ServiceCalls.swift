import ServiceKit

/// Calls services for a stack: in its role, or as who asked for what is done to it. There is no other door.
struct ServiceCalls: Sendable {
    static let principal = "cloudformation.amazonaws.com"

    let client: ServiceClient
    let roles: AssumedRoles

    /// Who makes what a stack is made of.
    ///
    /// - Throws: `HandlerError` where the role does not let CloudFormation in.
    func caller(of stack: Stack, _ operation: StackOperation) async throws -> Caller {
        var caller = operation.caller
        if let role = operation.goal.roleARN {
            do {
                caller = try await roles.caller(in: role, region: stack.place.region)
            } catch is RoleNotAssumed {
                throw HandlerError("Role \(role) is invalid or cannot be assumed")
            }
        }
        caller.context["aws:CalledVia"] = [Self.principal]
        caller.context["aws:CalledViaFirst"] = [Self.principal]
        caller.context["aws:CalledViaLast"] = [Self.principal]
        caller.context["aws:ViaAWSService"] = ["true"]
        return caller
    }

    func call(
        _ service: String, _ operation: String, _ input: [UInt8], as caller: Caller, region: String,
        endpoint: String
    ) async throws -> JSONValue {
        var options = ServiceClient.Options()
        options.region = region
        options.timeout = .seconds(60)
        options.source.endpoint = endpoint
        return try await client.call(service, operation, input, as: caller, options: options).output
    }
}
