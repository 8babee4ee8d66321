import ServiceKit

/// Lists what is registered, in the order of the resources.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html)
struct DescribeScalableTargets: AWSOperation {
    struct Input: InputShape {
        let list: ListRequest

        init(_ member: Members) throws { list = try ListRequest(member, resources: "ResourceIds") }
    }

    private static let pageLimit = 50

    let scaling: AutoScaling
    let pages: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.list.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<ScalableTargetDescription> {
        let page = try await scaling.page(ScalableTarget.self, input.list, Self.pageLimit, pages, in: call)
        return ListOutput("ScalableTargets", page.map { ScalableTargetDescription(target: $0) })
    }
}

extension AutoScaling {
    /// One page of the parts that a request asks for; none of a namespace in which nothing can be registered.
    func page<Part: ScalingPart>(
        _ type: Part.Type, _ list: ListRequest, _ longest: Int, _ pages: PageToken, in call: Call
    ) async throws -> Page<Part> {
        let limit = try list.limit(longest)
        return try await pages.page(
            list.token, limit: limit, scope: list.scope(in: call), position: \.position
        ) { after, limit in
            guard list.serviceNamespace == CapacityReference.namespace else { return [] }
            let filter = PartFilter(
                resources: list.resourceIDs, dimension: list.scalableDimension, names: list.names, after: after)
            return try await read { try $0.parts(type, at: Place(call), filter, limit: limit) }
        }
    }

    /// The targets that parts belong to.
    func targets(of parts: [some ScalingPart]) async throws -> [ScalableCapacity: ScalableTarget] {
        try await read { snapshot in
            var targets: [ScalableCapacity: ScalableTarget] = [:]
            for capacity in Set(parts.map(\.capacity)) { targets[capacity] = try snapshot.target(capacity) }
            return targets
        }
    }
}
