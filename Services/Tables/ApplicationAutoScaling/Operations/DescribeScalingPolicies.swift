import ServiceKit

/// Lists policies, in the order of their resources and names.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingPolicies.html)
struct DescribeScalingPolicies: AWSOperation {
    struct Input: InputShape {
        let list: ListRequest

        init(_ member: Members) throws { list = try ListRequest(member, names: "PolicyNames") }
    }

    private static let pageLimit = 10

    let scaling: AutoScaling
    let pages: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.list.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<ScalingPolicyDescription> {
        let page = try await scaling.page(ScalingPolicy.self, input.list, Self.pageLimit, pages, in: call)
        let targets = try await scaling.targets(of: page.elements)
        let policies = page.elements.compactMap { policy in
            targets[policy.capacity].map { ScalingPolicyDescription(policy, of: $0) }
        }
        return ListOutput("ScalingPolicies", Page(elements: policies, next: page.next))
    }
}
