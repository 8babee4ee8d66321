import ServiceKit

/// Lists stacks, also those that were deleted in the last ninety days.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html)
struct ListStacks: AWSOperation {
    struct Input: InputShape {
        let statuses: [String]?
        let token: String?

        init(_ member: Members) throws {
            statuses = try member("StackStatusFilter")
            token = try member("NextToken")
        }
    }

    struct Entry: OutputShape {
        let stack: Stack

        func write(to json: inout JSONWriter) {
            json.member("StackId", stack.id)
            json.member("StackName", stack.name)
            json.member("TemplateDescription", stack.description)
            json.member("CreationTime", stack.created)
            json.member("LastUpdatedTime", stack.updated)
            json.member("DeletionTime", stack.deleted)
            json.member("StackStatus", stack.status.rawValue)
            json.member("StackStatusReason", stack.statusReason)
            json.member("DriftInformation", StackDrift())
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<Entry> {
        let place = Place(call)
        let wanted = Set((input.statuses ?? []).compactMap(StackStatus.init(rawValue:)))
        // A filter may name only states that stacks here never have.
        let isFiltered = !(input.statuses ?? []).isEmpty
        let page = try await store.pages.page(
            input.token, limit: StackStore.pageSize, scope: "ListStacks \(place.account) \(place.region)",
            position: StackSnapshot<Snapshot>.position(of:)
        ) { after, limit in
            try await store.read { snapshot in
                try snapshot.stacks(
                    at: place, in: isFiltered ? wanted : nil, includesDeleted: true, after: after, limit: limit)
            }
        }
        return ListOutput("StackSummaries", page.map(Entry.init))
    }
}
