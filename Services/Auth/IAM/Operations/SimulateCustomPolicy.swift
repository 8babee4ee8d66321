import ServiceKit

/// Tells what policies given in the request would allow.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html)
struct SimulateCustomPolicy: AWSOperation {
    let store: IAMStore

    func permissions(for input: SimulationInput, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: SimulationInput, in call: Call) async throws -> PageOutput<Simulation.Result> {
        let policies = try input.policies.enumerated().map { index, text in
            try Simulation.policy(text, named: "PolicyInputList.\(index + 1)")
        }
        let caller = AccessPrincipal(.user, account: call.account, arn: input.caller ?? call.principal)
        let results = try Simulation(input, identity: policies, boundary: nil, as: caller, in: call).results()
        let scope = "SimulateCustomPolicy \(call.account)"
        let page = try input.page.page(whole: results, of: scope, sealedBy: store.pages, position: \.position)
        return PageOutput(member: "EvaluationResults", page: page)
    }
}
