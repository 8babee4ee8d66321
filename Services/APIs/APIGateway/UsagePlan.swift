import ServiceKit

/// Which stages the holders of API keys may use, how fast, and how often.
struct UsagePlan: Sendable {
    let id: String
    let region: String
    let account: String
    var name: String
    var description: String?
    var stages: [PlanStage]
    var throttle: PlanThrottle?
    var quota: PlanQuota?
    var tags: [String: String]

    static func arn(_ path: String = "", in call: Call) -> ARN { RestAPI.arn("/usageplans\(path)", in: call) }

    /// Applies one patch operation.
    ///
    /// [Paths](https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateUsagePlan-Patch)
    mutating func apply(_ patch: PatchOperation) throws {
        switch (patch.path, patch.op) {
        case ("/name", _): name = patch.value ?? name
        case ("/description", _): description = patch.value
        case ("/apiStages", "add"): stages.append(try PlanStage(patch.value ?? ""))
        case ("/apiStages", "remove"): stages.removeAll { "\($0.apiID):\($0.stage)" == patch.value }
        case ("/throttle", "remove"): throttle = nil
        case ("/throttle/rateLimit", _): throttle = (throttle ?? PlanThrottle()).with(rate: try patch.number())
        case ("/throttle/burstLimit", _): throttle = (throttle ?? PlanThrottle()).with(burst: try patch.number())
        case ("/quota", "remove"): quota = nil
        case ("/quota/limit", _): quota = (quota ?? PlanQuota()).with(limit: Int(try patch.number()))
        case ("/quota/offset", _): quota = (quota ?? PlanQuota()).with(offset: Int(try patch.number()))
        case ("/quota/period", _): quota = try (quota ?? PlanQuota()).with(period: patch.value ?? "")
        default: throw ServiceError.badRequest("Invalid patch path '\(patch.path)'")
        }
    }
}

extension UsagePlan: InputShape, OutputShape {
    init(_ member: Members) throws {
        id = try member("id") ?? Identifier.lowercase(6)
        region = try member("region") ?? ""
        account = try member("account") ?? ""
        name = try member("name")
        description = try member("description")
        stages = try member("apiStages") ?? []
        throttle = try member("throttle")
        quota = try member("quota")
        tags = try member("tags") ?? [:]
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("name", name)
        json.member("description", description)
        json.member("apiStages", stages)
        json.member("throttle", throttle)
        json.member("quota", quota)
        if !tags.isEmpty { json.member("tags", tags) }
    }
}

/// A stage that a plan opens, with limits for single methods by `/path/VERB`.
struct PlanStage: Sendable, InputShape, OutputShape {
    let apiID: String
    let stage: String
    let throttle: [String: PlanThrottle]

    /// `a1b2c3:prod`, as patches name a stage.
    init(_ text: String) throws {
        let parts = text.split(separator: ":").map(String.init)
        guard parts.count == 2 else { throw ServiceError.badRequest("Invalid API stage '\(text)'") }
        (apiID, stage, throttle) = (parts[0], parts[1], [:])
    }

    init(_ member: Members) throws {
        apiID = try member("apiId") ?? ""
        stage = try member("stage") ?? ""
        throttle = try member("throttle") ?? [:]
    }

    func write(to json: inout JSONWriter) {
        json.member("apiId", apiID)
        json.member("stage", stage)
        if !throttle.isEmpty { json.member("throttle", throttle) }
    }
}

struct PlanThrottle: Sendable, InputShape, OutputShape {
    private(set) var rate: Double?
    private(set) var burst: Int?

    init() {}

    init(_ member: Members) throws {
        rate = try member("rateLimit")
        burst = try member("burstLimit")
        guard rate ?? 0 >= 0, burst ?? 0 >= 0 else {
            throw ServiceError.badRequest("Usage Plan throttle limits must not be negative")
        }
    }

    func write(to json: inout JSONWriter) {
        json.member("burstLimit", burst)
        json.member("rateLimit", rate)
    }

    func with(rate: Double? = nil, burst: Double? = nil) -> PlanThrottle {
        var changed = self
        if let rate { changed.rate = rate }
        if let burst { changed.burst = Int(burst) }
        return changed
    }
}

extension PatchOperation {
    /// A limit: whole or not, never negative, and no more than can be counted.
    fileprivate func number() throws -> Double {
        guard let number = value.flatMap(Double.init), (0...1e12).contains(number) else {
            throw ServiceError.badRequest("Invalid value '\(value ?? "")'")
        }
        return number
    }
}
