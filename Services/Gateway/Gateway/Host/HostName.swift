import HTTPTypes

/// What the `Host` field says about where a request belongs.
struct HostName: Sendable, Equatable {
    enum Meaning: Sendable, Equatable {
        /// The stack itself: an address, `localhost`, a container's name.
        case stack
        /// `sqs.us-east-1.amazonaws.com`
        case service(endpointPrefix: String)
        /// `photos.s3.eu-west-1.amazonaws.com`, `photos.localhost`; an access point by its ARN:
        /// `finance-123456789012.s3-accesspoint.eu-west-1.amazonaws.com`
        case bucket(String)
        /// `photos.s3-website-us-east-1.amazonaws.com`
        case website(bucket: String)
        /// `a1b2c3.execute-api.us-east-1.amazonaws.com`
        case api(String)
        /// `abc.lambda-url.us-east-1.on.aws`
        case functionURL(String)
    }

    let meaning: Meaning
    /// The region the name holds.
    let region: String?
    /// A name of the open network, which may be that of a bucket with a website.
    let customDomain: String?

    /// What AWS's and LocalStack's names end with, the longest first.
    private static let domains = [
        "localhost.localstack.cloud", "amazonaws.com.cn", "amazonaws.com", "api.aws", "on.aws", "localhost",
    ]

    init(_ field: String, domains: [String]) {
        let name = HostName.withoutPort(field).asciiLowercased
        let labels = HostName.labels(of: name, domains + HostName.domains)
        guard let labels, !labels.isEmpty else {
            meaning = .stack
            region = nil
            customDomain = labels == nil && HostName.mayBeCustom(name) ? name : nil
            return
        }
        customDomain = nil
        region = labels.first { HostName.isRegion($0) }.map(String.init)
        meaning = HostName.meaning(of: labels, isLocal: name.hasSuffix("localhost"))
    }

    private static func meaning(of labels: [Substring], isLocal: Bool) -> Meaning {
        if let index = labels.firstIndex(where: { $0.hasPrefix("s3-website") }) {
            return index == 0 ? .stack : .website(bucket: joined(labels[..<index]))
        }
        if let index = labels.firstIndex(of: "execute-api") {
            return index == 0 ? .service(endpointPrefix: "execute-api") : .api(joined(labels[..<index]))
        }
        if let index = labels.firstIndex(of: "lambda-url"), index > 0 { return .functionURL(joined(labels[..<index])) }
        if let index = labels.firstIndex(of: "s3-accesspoint"), let arn = accessPoint(labels, before: index) {
            return .bucket(arn)
        }
        if let index = labels.firstIndex(where: { isS3($0) }) {
            return index == 0 ? .service(endpointPrefix: "s3") : .bucket(joined(labels[..<index]))
        }
        // What is left of an AWS name is `service.region`; before plain `localhost` stands a bucket.
        if !isLocal || labels.dropFirst().contains(where: { isRegion($0) }) {
            return .service(endpointPrefix: joined(labels.prefix { !isRegion($0) }))
        }
        return .bucket(joined(labels[...]))
    }

    /// The ARN of `name-account` before `s3-accesspoint`; `nil` for names that are no access point's.
    private static func accessPoint(_ labels: [Substring], before index: Int) -> String? {
        guard index == 1, let region = labels.first(where: { isRegion($0) }),
            let dash = labels[0].lastIndex(of: "-")
        else { return nil }
        let account = labels[0][labels[0].index(after: dash)...]
        return "arn:aws:s3:\(region):\(account):accesspoint/\(labels[0][..<dash])"
    }

    private static func isS3(_ label: Substring) -> Bool {
        label == "s3" || label == "s3-accelerate" || label == "s3express-control"
            || (label.hasPrefix("s3-") && isRegion(label.dropFirst(3)))
    }

    /// `us-east-1`, `us-gov-west-1`
    private static func isRegion(_ label: Substring) -> Bool {
        let parts = label.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4, parts[0].count == 2, let number = parts.last else { return false }
        return number.count == 1 && number.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            && parts.dropLast().allSatisfy { $0.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a } }
    }

    /// The labels before a domain; `nil` for a name under none of them.
    private static func labels(of name: String, _ domains: [String]) -> [Substring]? {
        for domain in domains {
            if name == domain { return [] }
            if name.hasSuffix(".\(domain)") {
                return name.dropLast(domain.utf8.count + 1).split(separator: ".", omittingEmptySubsequences: false)
            }
        }
        return nil
    }

    /// Whether a name under no known domain has several labels, and is no address.
    private static func mayBeCustom(_ name: String) -> Bool {
        guard !name.hasPrefix("["), let dot = name.lastIndex(of: ".") else { return false }
        let top = name[name.index(after: dot)...]
        return !top.isEmpty && !top.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    private static func withoutPort(_ field: String) -> String {
        if field.hasPrefix("[") { return field }
        return String(field.prefix { $0 != ":" })
    }

    private static func joined(_ labels: some Sequence<Substring>) -> String { labels.joined(separator: ".") }
}
