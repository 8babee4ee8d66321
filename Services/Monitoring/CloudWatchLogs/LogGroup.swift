import ServiceKit

/// Which log group: account, region and name.
struct LogGroupAddress: Hashable, Sendable {
    let account: String
    let region: String
    let name: String

    init(_ name: String, in call: Call) {
        account = call.account
        region = call.region
        self.name = name
    }

    init(account: String, region: String, name: String) {
        self.account = account
        self.region = region
        self.name = name
    }

    /// Reads `arn:aws:logs:…:log-group:NAME`, with `:*` or what is in the group behind it.
    init?(_ arn: ARN) {
        let parts = arn.resource.split(separator: ":", omittingEmptySubsequences: false)
        guard arn.service == "logs", parts.count >= 2, parts[0] == "log-group", !parts[1].isEmpty else { return nil }
        self.init(account: arn.account, region: arn.region, name: String(parts[1]))
    }

    var arn: ARN { ARN("logs", region: region, account: account, "log-group:\(name)") }

    func streamARN(_ stream: String) -> ARN {
        ARN("logs", region: region, account: account, "log-group:\(name):log-stream:\(stream)")
    }

    /// What a caller needs to do something with the group as a whole, as AWS names it to policies.
    func permission(_ action: String? = nil) -> Permission { Permission(action, on: streamARN("")) }
}

/// A log group as it is now.
struct LogGroup: Sendable {
    let id: Int64
    let address: LogGroupAddress
    let created: Timestamp
    var retentionDays: Int?
    var storedBytes: Int
    let kmsKeyID: String?
    let groupClass: String
}

extension LogGroup: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("logGroupName", address.name)
        json.member("creationTime", created.milliseconds)
        json.member("retentionInDays", retentionDays)
        // Metric filters cannot be made here, so there are none.
        json.member("metricFilterCount", 0)
        json.member("arn", "\(address.arn):*")
        json.member("storedBytes", storedBytes)
        json.member("kmsKeyId", kmsKeyID)
        json.member("logGroupClass", groupClass)
        json.member("logGroupArn", address.arn)
    }
}

/// The retentions AWS offers, in days.
enum RetentionDays {
    static let choices = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ]

    static func check(_ days: Int) throws {
        guard choices.contains(days) else {
            let list = choices.map(String.init).joined(separator: ", ")
            throw ServiceError.invalidParameter(
                "1 validation error detected: Value '\(days)' at 'retentionInDays' failed to satisfy constraint: "
                    + "Member must satisfy enum value set: [\(list)]")
        }
    }
}
