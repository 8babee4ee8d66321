import ServiceKit

/// A topic as it is now.
struct Topic: Sendable {
    let id: Int64
    let address: TopicAddress
    var attributes: TopicAttributes

    var arn: ARN { address.arn }
    var isFIFO: Bool { address.isFIFO }

    /// How many subscriptions it has in each state.
    struct Counts: Sendable {
        var confirmed = 0
        var pending = 0
        var deleted = 0
    }

    /// The attributes by name, as `GetTopicAttributes` answers them.
    func text(with counts: Counts) -> [String: String] {
        var text = attributes.text
        text["TopicArn"] = arn.description
        text["Owner"] = address.account
        text["DisplayName"] = attributes["DisplayName"] ?? ""
        text["Policy"] = attributes["Policy"] ?? TopicPolicy.standard(of: address)
        text["EffectiveDeliveryPolicy"] = attributes["DeliveryPolicy"] ?? RetryPolicy.standardDocument
        text["SubscriptionsConfirmed"] = "\(counts.confirmed)"
        text["SubscriptionsPending"] = "\(counts.pending)"
        text["SubscriptionsDeleted"] = "\(counts.deleted)"
        return text
    }
}

/// The rule for names: up to 256 letters, digits, hyphens and underscores, and `.fifo` for FIFO topics only.
enum TopicName {
    static func check(_ name: String, isFIFO: Bool) throws {
        let stem = isFIFO ? name.dropLast(5) : name[...]
        let isValid = !stem.isEmpty && name.utf8.count <= 256 && stem.utf8.allSatisfy(isNameByte)
        guard isValid, !isFIFO || name.hasSuffix(".fifo") else { throw ServiceError.invalidParameter("Topic Name") }
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
