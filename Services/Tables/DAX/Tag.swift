import ServiceKit

extension Cluster {
    static let tagLimit = 50

    /// Adds tags, or gives them other values.
    ///
    /// - Throws: `TagQuotaPerResourceExceeded`, `InvalidParameterValueException`
    mutating func add(_ new: [Tag]) throws(ServiceError) {
        for tag in new {
            guard (1...128).contains(tag.key.utf16.count), tag.value.utf16.count <= 256 else {
                throw .invalidParameterValue("The tag key \(tag.key) or its value is too long, or the key is empty.")
            }
            guard !tag.key.lowercased().hasPrefix("aws:") else {
                throw .invalidParameterValue("Tag keys must not begin with the reserved prefix aws:")
            }
            tags[tag.key] = tag.value
        }
        guard tags.count <= Self.tagLimit else { throw .tooManyTags(Self.tagLimit) }
    }

    var tagList: [Tag] { tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) } }
}

/// How the operations on tags name a cluster: by ARN.
struct TaggedCluster: MemberValue, Sendable {
    let arn: String

    init(json value: JSONValue) throws { arn = try String(json: value) }

    var permission: Permission { Permission(on: arn, owner: ARN(arn)?.account) }

    /// - Throws: `InvalidARNFault` for what is no cluster's ARN.
    func name(in call: Call) throws(ServiceError) -> String {
        guard let parsed = ARN(arn), parsed.service == "dax", parsed.resource.hasPrefix("cache/"),
            parsed.region == call.region, parsed.account == call.account
        else { throw .invalidARN(arn) }
        return String(parsed.resource.dropFirst("cache/".count))
    }
}

struct TagsOutput: OutputShape {
    let tags: [Tag]

    func write(to json: inout JSONWriter) { json.member("Tags", tags) }
}
