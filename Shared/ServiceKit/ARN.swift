/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
///
/// [Reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
public struct ARN: Sendable, Hashable, CustomStringConvertible {
    public var partition: String
    public var service: String
    /// Empty for global services.
    public var region: String
    /// Empty for buckets and objects.
    public var account: String
    /// Everything after the fifth colon: `table/Music/index/byArtist`.
    public var resource: String

    public init(_ service: String, region: String = "", account: String = "", _ resource: String) {
        partition = "aws"
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    /// `nil` for text that is no ARN.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty, !parts[5].isEmpty else {
            return nil
        }
        partition = String(parts[1])
        service = String(parts[2])
        region = String(parts[3])
        account = String(parts[4])
        resource = String(parts[5])
    }

    public var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }
}

extension ARN: MemberValue, JSONWritable {
    public init(json value: JSONValue) throws {
        let text = try String(json: value)
        guard let arn = ARN(text) else { throw MemberError.invalid("Invalid ARN: \(text)") }
        self = arn
    }

    public func writeValue(to json: inout JSONWriter) { json.string(description) }
}
