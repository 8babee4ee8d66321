import ServiceKit

/// A bucket's Object Lock, with the retention that new objects have where their writer asks for none.
struct ObjectLockConfiguration: Sendable {
    private static let dayMilliseconds: Int64 = 24 * 3600 * 1000
    private static let longestDays: Int64 = 36_500

    private let mode: ObjectLock.Retention.Mode?
    private let days: Int64

    static let enabled = Array(#"{"ObjectLockEnabled":"Enabled"}"#.utf8)

    /// - Throws: `MalformedXML`, `InvalidRetentionPeriod`
    init(_ json: JSONValue) throws {
        guard json["ObjectLockEnabled"]?.string == "Enabled" else { throw ServiceError.malformedXML }
        guard let rule = json["Rule"], !rule.isNull else {
            (mode, days) = (nil, 0)
            return
        }
        guard let standard = rule["DefaultRetention"], let name = standard["Mode"]?.string,
            let mode = ObjectLock.Retention.Mode(rawValue: name)
        else { throw ServiceError.malformedXML }
        self.mode = mode
        switch (standard["Days"]?.int64, standard["Years"]?.int64) {
        case (let days?, nil): self.days = days
        case (nil, let years?): days = years.multipliedReportingOverflow(by: 365).partialValue
        default: throw ServiceError.malformedXML
        }
        guard (1...Self.longestDays).contains(days) else {
            throw ServiceError("InvalidRetentionPeriod", "Default retention period must be a positive integer value.")
        }
    }

    func retention(of now: Timestamp) -> ObjectLock.Retention? {
        mode.map {
            ObjectLock.Retention(
                mode: $0, until: Timestamp(milliseconds: now.milliseconds + days * Self.dayMilliseconds))
        }
    }
}

extension Bucket {
    /// `nil` where the bucket has no Object Lock.
    var objectLock: ObjectLockConfiguration? {
        get throws { try configurations[.objectLock].map(ObjectLockConfiguration.init) }
    }

    /// - Throws: `InvalidRequest`
    func requireObjectLock() throws {
        if configurations[.objectLock] == nil { throw ServiceError.bucketWithoutObjectLock }
    }
}
