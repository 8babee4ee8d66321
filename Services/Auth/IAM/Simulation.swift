import ServiceKit

/// What the two operations of the policy simulator share.
struct SimulationInput: InputShape {
    struct ContextEntry: InputShape {
        let name: String
        let values: [String]

        init(_ member: Members) throws {
            name = try member("ContextKeyName") ?? ""
            values = try member("ContextKeyValues") ?? []
        }
    }

    let policies: [String]
    let boundaries: [String]
    let actions: [String]
    let resources: [String]
    let resourcePolicy: String?
    let owner: String?
    let caller: String?
    let entries: [ContextEntry]
    let page: PageInput

    init(_ member: Members) throws {
        policies = try member("PolicyInputList") ?? []
        boundaries = try member("PermissionsBoundaryPolicyInputList") ?? []
        actions = try member("ActionNames")
        resources = try member("ResourceArns") ?? ["*"]
        resourcePolicy = try member("ResourcePolicy")
        owner = try member("ResourceOwner")
        caller = try member("CallerArn")
        entries = try member("ContextEntries") ?? []
        page = try PageInput(member)
    }
}

/// Evaluates every action on every resource, as the authorizer would.
struct Simulation {
    struct Result: OutputShape {
        let action: String
        let resource: String
        let decision: Decision

        var position: String { "\(action) \(resource)" }

        func write(to json: inout JSONWriter) {
            json.member("EvalActionName", action)
            json.member("EvalResourceName", resource)
            json.member("EvalDecision", name)
            json.member("MatchedStatements") { json in
                json.array { json in
                    guard let decider = decision.decider else { return }
                    json.object { json in
                        json.member("SourcePolicyId", decider.policy)
                        json.member("SourcePolicyType", decision.source == .resource ? "resource" : "user")
                    }
                }
            }
            json.member("MissingContextValues", [String]())
            if decision.source == .boundary {
                json.member("PermissionsBoundaryDecisionDetail") { json in
                    json.object { $0.member("AllowedByPermissionsBoundary", false) }
                }
            }
        }

        private var name: String {
            switch decision.outcome {
            case .allowed: "allowed"
            case .explicitlyDenied: "explicitDeny"
            case .implicitlyDenied: "implicitDeny"
            }
        }
    }

    private let input: SimulationInput
    private let policies: ApplicablePolicies
    private let principal: AccessPrincipal
    private let call: Call

    init(
        _ input: SimulationInput, identity: [Policy], boundary: Policy?, as principal: AccessPrincipal, in call: Call
    ) throws {
        self.input = input
        self.principal = principal
        self.call = call
        let given = try input.boundaries.first.map { try Simulation.policy($0, named: "PermissionsBoundary") }
        policies = ApplicablePolicies(
            identity: identity, boundary: given ?? boundary,
            resource: try input.resourcePolicy.map { try Policy.parse($0, as: .resource, name: "ResourcePolicy") })
    }

    func results() -> [Result] {
        let context = Dictionary(input.entries.map { ($0.name, $0.values) }, uniquingKeysWith: { $1 })
        return input.actions.flatMap { action in
            input.resources.map { resource in
                let request = AccessRequest(
                    principal, action, on: resource, resourceAccount: input.owner.flatMap { ARN($0)?.account ?? $0 },
                    at: call.now, context: context)
                return Result(action: action, resource: resource, decision: policies.decide(request))
            }
        }
    }

    /// - Throws: `InvalidInput`
    static func policy(_ text: String, named name: String) throws -> Policy {
        do {
            return try Policy.parse(text, as: .identity, name: name)
        } catch let error as PolicyError {
            throw ServiceError.invalidInput("Invalid Content in \(name): \(error.message)")
        }
    }
}
