import ServiceKit

/// Lists scheduled actions, in the order of their resources and names.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScheduledActions.html)
struct DescribeScheduledActions: AWSOperation {
    struct Input: InputShape {
        let list: ListRequest

        init(_ member: Members) throws { list = try ListRequest(member, names: "ScheduledActionNames") }
    }

    private static let pageLimit = 50

    let scaling: AutoScaling
    let pages: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.list.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<ScheduledActionDescription> {
        let page = try await scaling.page(ScheduledAction.self, input.list, Self.pageLimit, pages, in: call)
        let targets = try await scaling.targets(of: page.elements)
        let actions = page.elements.compactMap { action in
            targets[action.capacity].map { ScheduledActionDescription(action, of: $0) }
        }
        return ListOutput("ScheduledActions", Page(elements: actions, next: page.next))
    }
}
