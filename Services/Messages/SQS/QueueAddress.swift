import ServiceKit

/// Which queue: the account, region and name that its ARN and its URL are made of.
struct QueueAddress: Hashable, Sendable {
    let account: String
    let region: String
    let name: String

    init(account: String, region: String, name: String) {
        self.account = account
        self.region = region
        self.name = name
    }

    /// `nil` for an ARN of anything but a queue.
    init?(_ arn: ARN) {
        guard arn.service == "sqs", !arn.region.isEmpty, !arn.account.isEmpty else { return nil }
        self.init(account: arn.account, region: arn.region, name: arn.resource)
    }

    /// A name of the caller's own account, or of another's where the request says so.
    init(name: String, owner: String? = nil, in call: Call) {
        self.init(account: owner ?? call.account, region: call.region, name: name)
    }

    var arn: ARN { ARN("sqs", region: region, account: account, name) }
    var isFIFO: Bool { name.hasSuffix(".fifo") }

    /// The URL by which the caller reaches the queue: on the host the call came to.
    func url(in call: Call) -> String { "\(call.source.endpoint)/\(account)/\(name)" }
}

/// A queue's URL as a request gives it: any host, the account and the name at the end of the path.
struct QueueURL: MemberValue, Sendable {
    let text: String

    init(json value: JSONValue) throws { text = try String(json: value) }

    /// - Throws: `InvalidAddress`
    func address(in call: Call) throws -> QueueAddress {
        let path = text.split(separator: "/").suffix(2)
        guard let account = path.first, let name = path.last, path.count == 2, account.utf8.count == 12,
            account.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw ServiceError.invalidAddress(text) }
        return QueueAddress(account: String(account), region: call.region, name: String(name))
    }
}
