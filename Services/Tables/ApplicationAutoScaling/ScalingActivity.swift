import ServiceKit

/// Something that was done to a capacity, or tried.
struct ScalingActivity: Sendable {
    /// Why nothing was done where a policy asked for it.
    enum NotScaled: Sendable {
        case atMaximum(Int64)
        case atMinimum(Int64)
    }

    /// How long activities are kept: six weeks.
    static let retention = Duration.seconds(42 * 86400)

    let capacity: ScalableCapacity
    let description: String
    let cause: String
    let time: Timestamp
    var isSuccessful = true
    var message: String?
    var notScaled: NotScaled?

    /// A change of what is provisioned.
    init(
        _ units: Int64, of capacity: ScalableCapacity, because cause: String, failure: ServiceError?,
        at now: Timestamp
    ) {
        self.init(of: capacity, "Setting \(capacity.text) to \(units).", because: cause, at: now)
        isSuccessful = failure == nil
        message =
            failure.map { "Failed to set \(capacity.text) to \(units). Reason: \($0.message)" }
            ?? "Successfully set \(capacity.text) to \(units). Change successfully fulfilled by dynamodb."
    }

    init(
        of capacity: ScalableCapacity, _ description: String, because cause: String, message: String? = nil,
        at now: Timestamp
    ) {
        self.capacity = capacity
        self.description = description
        self.cause = cause
        self.message = message
        time = now
    }

    /// Nothing was changed, though a policy's alarm asked for it.
    init(notScaled reason: NotScaled, _ capacity: ScalableCapacity, because cause: String, at now: Timestamp) {
        self.init(of: capacity, "Attempting to scale due to alarm triggered", because: cause, at: now)
        isSuccessful = false
        notScaled = reason
    }
}

/// As it is answered, and as it lies in the storage.
extension ScalingActivity: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("ActivityId", Identifier.uuid())
        json.write(capacity)
        json.member("Description", description)
        json.member("Cause", cause)
        json.member("StartTime", time)
        // What takes no time has begun and ended.
        if message != nil { json.member("EndTime", time) }
        json.member("StatusCode", isSuccessful ? "Successful" : "Failed")
        json.member("StatusMessage", message)
        if let notScaled { json.member("NotScaledReasons", [notScaled]) }
    }
}

extension ScalingActivity.NotScaled: OutputShape {
    func write(to json: inout JSONWriter) {
        switch self {
        case .atMaximum(let units):
            json.member("Code", "AlreadyAtMaxCapacity")
            json.member("MaxCapacity", units)
        case .atMinimum(let units):
            json.member("Code", "AlreadyAtMinCapacity")
            json.member("MinCapacity", units)
        }
    }
}

/// A recorded activity, as it was written.
struct RecordedActivity: Sendable, OutputShape {
    let sequence: Int64
    let definition: StoredMembers

    func write(to json: inout JSONWriter) { definition.write(to: &json) }
}
