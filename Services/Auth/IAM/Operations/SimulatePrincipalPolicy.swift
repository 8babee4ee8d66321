import ServiceKit

/// Tells what the policies of a user, group or role would allow.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html)
struct SimulatePrincipalPolicy: AWSOperation {
    struct Input: InputShape {
        let source: String
        let simulation: SimulationInput

        init(_ member: Members) throws {
            source = try member("PolicySourceArn")
            simulation = try SimulationInput(member)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.source, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Simulation.Result> {
        let (identity, own) = try await store.read { snapshot in
            guard let identity = try snapshot.identity(arn: input.source) else {
                throw ServiceError.noSuchEntity("Entity \(input.source) does not exist.")
            }
            return (identity, try snapshot.policies(of: identity))
        }
        let policies =
            try own.policies.map { try Simulation.policy($0.text, named: $0.name) }
            + input.simulation.policies.map { try Simulation.policy($0, named: "PolicyInputList") }
        let principal = AccessPrincipal(
            identity.kind == .role ? .assumedRole : .user, account: call.account,
            arn: input.simulation.caller ?? identity.arn, roleARN: identity.kind == .role ? identity.arn : nil,
            userID: identity.uniqueID, context: TagContext.principal(identity.tags))
        let boundary = try own.boundary.map { try Simulation.policy($0.text, named: $0.name) }
        let results = try Simulation(
            input.simulation, identity: policies, boundary: boundary, as: principal, in: call
        ).results()
        let scope = "SimulatePrincipalPolicy \(call.account) \(input.source)"
        let page = try input.simulation.page.page(
            whole: results, of: scope, sealedBy: store.pages, position: \.position)
        return PageOutput(member: "EvaluationResults", page: page)
    }
}
