import ServiceKit

/// A source whose records a function is to be given: the API's `EventSourceMappingConfiguration`.
struct EventSourceMapping: Sendable, InputShape, OutputShape {
    enum Source: Sendable { case queue, tableStream }

    let id: String
    let source: ARN
    /// With the qualifier the mapping was made for.
    var functionARN: String
    var settings: MappingSettings
    var isEnabled: Bool
    var startingPosition: String?
    var created: Timestamp
    var lastModified: Timestamp
    /// `Creating`, `Updating`, `Deleting`: what an answer says while the state behind it is already the new one.
    var transition: String?

    var kind: Source? { Self.kind(of: source) }

    static func kind(of source: ARN) -> Source? {
        switch source.service {
        case "sqs": .queue
        case "dynamodb" where source.resource.contains("/stream/"): .tableStream
        default: nil
        }
    }

    var functionKey: FunctionKey {
        let name = FunctionName(functionARN)
        return FunctionKey(account: name?.account ?? "", region: name?.region ?? "", name: name?.name ?? "")
    }

    var qualifier: String? { FunctionName(functionARN)?.qualifier }

    var arn: ARN {
        let key = functionKey
        return ARN("lambda", region: key.region, account: key.account, "event-source-mapping:\(id)")
    }

    init(
        id: String, source: ARN, functionARN: String, settings: MappingSettings, isEnabled: Bool,
        startingPosition: String?, at now: Timestamp
    ) {
        (self.id, self.source, self.functionARN, self.settings) = (id, source, functionARN, settings)
        (self.isEnabled, self.startingPosition) = (isEnabled, startingPosition)
        (created, lastModified) = (now, now)
    }

    init(_ member: Members) throws {
        id = try member("UUID")
        source = try member("EventSourceArn")
        functionARN = try member("FunctionArn")
        settings = try MappingSettings(member)
        isEnabled = try (member("State") as String?) != "Disabled"
        startingPosition = try member("StartingPosition")
        lastModified = try member("LastModified")
        created = try member("Created") ?? lastModified
    }

    func write(to json: inout JSONWriter) {
        json.member("UUID", id)
        json.member("EventSourceArn", source)
        json.member("FunctionArn", functionARN)
        json.member("StartingPosition", startingPosition)
        json.member("LastModified", lastModified)
        json.member("LastProcessingResult", "No records processed")
        json.member("State", transition ?? (isEnabled ? "Enabled" : "Disabled"))
        json.member("StateTransitionReason", "USER_INITIATED")
        json.member("EventSourceMappingArn", arn)
        settings.write(to: &json)
    }

    /// As the store keeps it: with the time it was made, which the API does not show.
    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object {
            var stored = self
            stored.transition = nil
            stored.write(to: &$0)
            $0.member("Created", created)
        }
        return json.bytes
    }
}

/// What can be said about a mapping, at its making and later.
struct MappingSettings: Sendable, InputShape, OutputShape {
    var batchSize: Int?
    var windowSeconds: Int?
    var filters: FilterCriteria?
    var responseTypes: [String]?
    var destinations: Destinations?
    var maximumRecordAgeSeconds: Int?
    var maximumRetryAttempts: Int?
    var bisects: Bool?
    var parallelization: Int?
    var tumblingWindowSeconds: Int?

    init(_ member: Members) throws {
        batchSize = try member("BatchSize")
        windowSeconds = try member("MaximumBatchingWindowInSeconds")
        filters = try member("FilterCriteria")
        responseTypes = try member("FunctionResponseTypes")
        destinations = try member("DestinationConfig")
        maximumRecordAgeSeconds = try member("MaximumRecordAgeInSeconds")
        maximumRetryAttempts = try member("MaximumRetryAttempts")
        bisects = try member("BisectBatchOnFunctionError")
        parallelization = try member("ParallelizationFactor")
        tumblingWindowSeconds = try member("TumblingWindowInSeconds")
    }

    func write(to json: inout JSONWriter) {
        json.member("BatchSize", batchSize)
        json.member("MaximumBatchingWindowInSeconds", windowSeconds)
        json.member("FilterCriteria", filters)
        json.member("FunctionResponseTypes", responseTypes)
        json.member("DestinationConfig", destinations)
        json.member("MaximumRecordAgeInSeconds", maximumRecordAgeSeconds)
        json.member("MaximumRetryAttempts", maximumRetryAttempts)
        json.member("BisectBatchOnFunctionError", bisects)
        json.member("ParallelizationFactor", parallelization)
        json.member("TumblingWindowInSeconds", tumblingWindowSeconds)
    }

    var reportsItemFailures: Bool { responseTypes?.contains("ReportBatchItemFailures") ?? false }

    /// Fills in what AWS shows for what was not said.
    mutating func addDefaults(for source: EventSourceMapping.Source) {
        windowSeconds = windowSeconds ?? 0
        switch source {
        case .queue: batchSize = batchSize ?? 10
        case .tableStream:
            batchSize = batchSize ?? 100
            maximumRecordAgeSeconds = maximumRecordAgeSeconds ?? -1
            maximumRetryAttempts = maximumRetryAttempts ?? -1
            bisects = bisects ?? false
            parallelization = parallelization ?? 1
            tumblingWindowSeconds = tumblingWindowSeconds ?? 0
        }
    }

    /// What an update says replaces what was there.
    mutating func merge(_ update: MappingSettings) {
        batchSize = update.batchSize ?? batchSize
        windowSeconds = update.windowSeconds ?? windowSeconds
        filters = update.filters ?? filters
        responseTypes = update.responseTypes ?? responseTypes
        destinations = update.destinations ?? destinations
        maximumRecordAgeSeconds = update.maximumRecordAgeSeconds ?? maximumRecordAgeSeconds
        maximumRetryAttempts = update.maximumRetryAttempts ?? maximumRetryAttempts
        bisects = update.bisects ?? bisects
        parallelization = update.parallelization ?? parallelization
        tumblingWindowSeconds = update.tumblingWindowSeconds ?? tumblingWindowSeconds
    }

    /// - Throws: `InvalidParameterValueException` for what a source cannot do.
    func validate(for source: EventSourceMapping.Source) throws {
        try filters?.validate()
        guard source == .queue else { return }
        if (batchSize ?? 10) > 10, (windowSeconds ?? 0) == 0 {
            throw ServiceError.invalid(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
        }
    }
}

/// Patterns of which a record must match one.
struct FilterCriteria: Sendable, InputShape, OutputShape {
    struct Filter: Sendable, InputShape, OutputShape {
        let pattern: String?
        init(_ member: Members) throws { pattern = try member("Pattern") }
        func write(to json: inout JSONWriter) { json.member("Pattern", pattern) }
    }

    let filters: [Filter]?

    init(_ member: Members) throws { filters = try member("Filters") }
    func write(to json: inout JSONWriter) { json.member("Filters", filters) }

    func patterns() throws -> [EventPattern] {
        try (filters ?? []).map { try EventPattern(Array(($0.pattern ?? "{}").utf8)) }
    }

    func validate() throws {
        guard (filters ?? []).count <= 10 else { throw ServiceError.invalid("A mapping has at most 10 filters.") }
        do {
            _ = try patterns()
        } catch {
            throw ServiceError.invalid("Invalid filter pattern definition.")
        }
    }
}
