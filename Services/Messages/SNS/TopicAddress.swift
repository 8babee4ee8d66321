import ServiceKit

/// Which topic: the account, region and name that its ARN is made of.
struct TopicAddress: Hashable, Sendable {
    let account: String
    let region: String
    let name: String

    var arn: ARN { ARN("sns", region: region, account: account, name) }
    var isFIFO: Bool { name.hasSuffix(".fifo") }
}

/// A topic's ARN as a request gives it.
struct TopicARN: MemberValue, Sendable {
    let text: String

    init(json value: JSONValue) throws { text = try String(json: value) }

    /// - Parameter parameter: the request's member, for the error.
    func address(in call: Call, parameter: String = "TopicArn") throws -> TopicAddress {
        try SNSArn.checkElements(text, parameter)
        guard let arn = ARN(text), arn.service == "sns", arn.region == call.region, !arn.account.isEmpty,
            !arn.resource.contains(":")
        else { throw ServiceError.invalidParameter(parameter) }
        return TopicAddress(account: arn.account, region: arn.region, name: arn.resource)
    }
}

/// A subscription's ARN: its topic's and an id after another colon.
struct SubscriptionARN: MemberValue, Sendable {
    let text: String

    init(json value: JSONValue) throws { text = try String(json: value) }

    func check() throws {
        try SNSArn.checkElements(text, "SubscriptionArn")
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 7 else { throw ServiceError.invalidParameter("SubscriptionId") }
    }

    /// The topic it belongs to, as the ARN says.
    var topic: TopicAddress? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 7 ? TopicAddress(account: parts[4], region: parts[3], name: parts[5]) : nil
    }
}

enum SNSArn {
    static func checkElements(_ text: String, _ parameter: String) throws {
        guard !text.isEmpty else {
            throw ServiceError.invalidParameter("\(parameter) Reason: no value for required parameter")
        }
        let count = text.split(separator: ":", omittingEmptySubsequences: false).count
        guard count >= 6 else {
            throw ServiceError.invalidParameter(
                "\(parameter) Reason: An ARN must have at least 6 elements, not \(count)")
        }
    }
}
