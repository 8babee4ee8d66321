import ServiceKit

/// What AWS refuses in the actions of a rule.
enum LifecycleActionRules {
    private static let dayMilliseconds: Int64 = 24 * 3600 * 1000
    private static let daysBeforeInfrequent: Int64 = 30

    static func check(_ rule: JSONValue) throws {
        let transitions = rule.present("Transitions")?.elements.map(\.self) ?? []
        let prefix = (rule.present("Prefix") ?? rule["Filter"]?["Prefix"] ?? rule["Filter"]?["And"]?["Prefix"])?.string
        let filter = "(prefix=\(prefix ?? ""))"
        if let expiration = rule.present("Expiration") { try check(expiration: expiration) }
        try check(transitions, filter)
        try compare(rule.present("Expiration"), transitions, filter)
        try checkNoncurrent(rule)
        if let abort = rule.present("AbortIncompleteMultipartUpload") {
            guard let days = abort.present("DaysAfterInitiation")?.int64 else { throw ServiceError.malformedXML }
            try positive(days, "DaysAfterInitiation", of: "AbortIncompleteMultipartUpload")
        }
    }

    // MARK: Current versions

    private static func check(expiration: JSONValue) throws {
        let given = ["Days", "Date", "ExpiredObjectDeleteMarker"].filter { expiration.present($0) != nil }
        guard given.count == 1 else { throw ServiceError.malformedXML }
        if let days = expiration.present("Days")?.int64 { try positive(days, "Days", of: "Expiration") }
        try checkDate(of: expiration)
    }

    private static func check(_ transitions: [JSONValue], _ filter: String) throws {
        for transition in transitions {
            guard let name = transition.present("StorageClass")?.string,
                (transition.present("Days") == nil) != (transition.present("Date") == nil)
            else { throw ServiceError.malformedXML }
            try checkDate(of: transition)
            guard let days = transition.present("Days")?.int64 else { continue }
            guard days >= 0 else {
                throw ServiceError.invalidArgument(
                    "'Days' in Transition action must be nonnegative", "Days", "\(days)")
            }
            if name == "STANDARD_IA" || name == "ONEZONE_IA", days < daysBeforeInfrequent {
                throw ServiceError.invalidArgument(
                    "'Days' in Transition action must be greater than or equal to \(daysBeforeInfrequent) for "
                        + "storageClass '\(name)'", "Days", "\(days)")
            }
        }
        let names = transitions.compactMap { $0["StorageClass"]?.string }
        guard Set(names).count == names.count else {
            throw ServiceError.invalidArgument(
                "'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '\(filter)'",
                "StorageClass", "")
        }
    }

    private static func compare(_ expiration: JSONValue?, _ transitions: [JSONValue], _ filter: String) throws {
        let timed = (transitions + [expiration].compactMap(\.self)).filter {
            $0.present("Days") != nil || $0.present("Date") != nil
        }
        guard Set(timed.map { $0.present("Days") == nil }).count <= 1 else {
            throw ServiceError.invalidArgument(
                "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for filter "
                    + "'\(filter)'", "Date", "")
        }
        if let days = expiration?.present("Days")?.int64 {
            guard transitions.allSatisfy({ ($0["Days"]?.int64 ?? 0) < days }) else { throw later("Days", filter) }
        }
        if let date = try expiration?.present("Date").map({ try Timestamp(json: $0) }) {
            let dates = try transitions.compactMap { try $0.present("Date").map { try Timestamp(json: $0) } }
            guard dates.allSatisfy({ $0 < date }) else { throw later("Date", filter) }
        }
    }

    private static func later(_ name: String, _ filter: String) -> ServiceError {
        .invalidArgument(
            "'\(name)' in the Expiration action for filter '\(filter)' must be \(name == "Days" ? "greater" : "later") "
                + "than '\(name)' in the Transition action", name, "")
    }

    // MARK: Others

    private static func checkNoncurrent(_ rule: JSONValue) throws {
        if let expiration = rule.present("NoncurrentVersionExpiration") {
            guard let days = expiration.present("NoncurrentDays")?.int64 else { throw ServiceError.malformedXML }
            try positive(days, "NoncurrentDays", of: "NoncurrentVersionExpiration")
            try checkKept(expiration, "NoncurrentVersionExpiration")
        }
        for transition in rule.present("NoncurrentVersionTransitions")?.elements.map(\.self) ?? [] {
            guard let days = transition.present("NoncurrentDays")?.int64, transition.present("StorageClass") != nil
            else { throw ServiceError.malformedXML }
            guard days >= 0 else {
                throw ServiceError.invalidArgument(
                    "'NoncurrentDays' in NoncurrentVersionTransition action must be nonnegative", "NoncurrentDays",
                    "\(days)")
            }
            try checkKept(transition, "NoncurrentVersionTransition")
        }
    }

    private static func checkKept(_ action: JSONValue, _ name: String) throws {
        if let kept = action.present("NewerNoncurrentVersions")?.int64 {
            try positive(kept, "NewerNoncurrentVersions", of: name)
        }
    }

    /// Days begin at midnight.
    private static func checkDate(of action: JSONValue) throws {
        guard let date = action.present("Date") else { return }
        guard try Timestamp(json: date).milliseconds % dayMilliseconds == 0 else {
            throw ServiceError.invalidArgument("'Date' must be at midnight GMT", "Date", String(describing: date))
        }
    }

    private static func positive(_ number: Int64, _ name: String, of action: String) throws {
        guard number > 0 else {
            throw ServiceError.invalidArgument(
                "'\(name)' for \(action) action must be a positive integer", name, "\(number)")
        }
    }
}
