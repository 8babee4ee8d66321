import ServiceKit

/// Lists what happened to clusters and groups, the newest first: in the last 24 hours, unless a span is given.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DescribeEvents.html)
struct DescribeEvents: AWSOperation {
    struct Input: InputShape {
        let sourceName: String?
        let sourceType: String?
        let startTime: Timestamp?
        let endTime: Timestamp?
        let duration: Int?
        let page: PageRequest

        init(_ member: Members) throws {
            sourceName = try member("SourceName")
            sourceType = try member("SourceType")
            startTime = try member("StartTime")
            endTime = try member("EndTime")
            duration = try member("Duration")
            page = try PageRequest(member)
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<ClusterEvent> {
        let place = Place(call)
        let filter = EventFilter(
            source: input.sourceName, type: input.sourceType, span: try input.span(at: call.now))
        let page = try await store.pages.page(
            input.page.token, limit: try input.page.limit, scope: "events \(place.account) \(place.region)",
            position: { "\($0.sequence)" }
        ) { after, limit in
            try await store.read { try $0.events(filter, at: place, before: Int64(after) ?? .max, limit: limit) }
        }
        return ListOutput("Events", page)
    }
}

extension DescribeEvents.Input {
    private static let usual = Duration.seconds(86400)

    /// - Throws: `InvalidParameterCombinationException` for three that say what two of them say.
    fileprivate func span(at now: Timestamp) throws(ServiceError) -> ClosedRange<Timestamp> {
        guard startTime == nil || endTime == nil || duration == nil else {
            throw .invalidCombination("StartTime, EndTime and Duration cannot be specified together.")
        }
        let minutes = duration.map { Duration.seconds($0 * 60) }
        if let duration, !(1...20160).contains(duration) {
            throw .invalidParameterValue("Duration must be between 1 and 20160 minutes.")
        }
        let start: Timestamp
        let end: Timestamp
        if let startTime {
            start = startTime
            end = endTime ?? minutes.map { startTime + $0 } ?? now
        } else {
            end = endTime ?? now
            start = end - (minutes ?? Self.usual)
        }
        guard start <= end else { throw .invalidParameterValue("StartTime must not be after EndTime.") }
        return start...end
    }
}
