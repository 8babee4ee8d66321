import ServiceKit

/// Lists what was done in the last six weeks, the newest first.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingActivities.html)
struct DescribeScalingActivities: AWSOperation {
    struct Input: InputShape {
        let list: ListRequest
        let includeNotScaledActivities: Bool?

        init(_ member: Members) throws {
            list = try ListRequest(member)
            includeNotScaledActivities = try member("IncludeNotScaledActivities")
        }
    }

    private static let pageLimit = 50

    let scaling: AutoScaling
    let pages: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.list.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<RecordedActivity> {
        let list = input.list
        let limit = try list.limit(Self.pageLimit)
        let page = try await pages.page(
            list.token, limit: limit, scope: list.scope(in: call),
            position: { (activity: RecordedActivity) in "\(activity.sequence)" }
        ) { before, limit in
            guard list.serviceNamespace == CapacityReference.namespace else { return [] }
            return try await scaling.read { snapshot in
                try snapshot.activities(
                    at: Place(call), resource: list.resourceIDs?.first, dimension: list.scalableDimension,
                    withNotScaled: input.includeNotScaledActivities ?? false, before: Int64(before) ?? .max,
                    limit: limit)
            }
        }
        return ListOutput("ScalingActivities", page)
    }
}
