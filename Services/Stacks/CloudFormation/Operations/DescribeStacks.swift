import ServiceKit

/// Tells all of a stack, or of every stack that is not deleted.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html)
struct DescribeStacks: AWSOperation {
    struct Input: InputShape {
        let stackName: String?
        let token: String?

        init(_ member: Members) throws {
            stackName = try member("StackName")
            token = try member("NextToken")
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        if let name = input.stackName { return [try await store.permission(on: name, in: call)] }
        let all = ARN("cloudformation", region: call.region, account: call.account, "stack/*/*")
        return [Permission(on: all), Permission("cloudformation:ListStacks", on: "*")]
    }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<StackDescription> {
        let place = Place(call)
        if let name = input.stackName {
            let stack = try await store.read { try $0.describedStack(name, at: place) }
            return ListOutput("Stacks", all: [StackDescription(stack: stack)])
        }
        let page = try await store.pages.page(
            input.token, limit: StackStore.pageSize, scope: "DescribeStacks \(place.account) \(place.region)",
            position: StackSnapshot<Snapshot>.position(of:)
        ) { after, limit in
            try await store.read { try $0.stacks(at: place, includesDeleted: false, after: after, limit: limit) }
        }
        return ListOutput("Stacks", page.map { StackDescription(stack: $0) })
    }
}
