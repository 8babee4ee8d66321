import ServiceKit

/// Who a bucket tells of what happens to its objects.
struct NotificationConfiguration: Sendable {
    enum Destination: Sendable, Equatable { case function, queue, topic, thumbnails }

    struct Rule: Sendable {
        let id: String
        let destination: Destination
        /// The function's, queue's or topic's ARN; for thumbnails the value of the bucket's tag.
        let target: String
        /// `s3:ObjectCreated:*`
        let events: [String]
        let prefix: String
        let suffix: String

        func matches(_ event: String, key: String) -> Bool {
            guard ObjectKey.hasPrefix(key, prefix), ObjectKey.hasSuffix(key, suffix) else { return false }
            return events.contains { $0 == event || $0.hasSuffix("*") && event.hasPrefix($0.dropLast()) }
        }
    }

    let rules: [Rule]

    /// The tag that asks for derived images: `apus:thumbnails` = `256,1024`.
    static let thumbnailTag = "apus:thumbnails"

    init(in configurations: [ConfigurationKind: JSONValue]) throws {
        var rules: [Rule] = []
        if let configuration = configurations[.notification] { rules = try Self.rules(in: configuration) }
        if let value = try Self.thumbnailTag(in: configurations) {
            rules.append(
                Rule(
                    id: Self.thumbnailTag, destination: .thumbnails, target: value,
                    events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"], prefix: "", suffix: ""))
        }
        self.rules = rules
    }

    /// The value of the tag that asks for derived images.
    static func thumbnailTag(in configurations: [ConfigurationKind: JSONValue]) throws -> String? {
        guard let tags = configurations[.tagging]?["TagSet"] else { return nil }
        return try [Tag](json: tags).first { $0.key == thumbnailTag }?.value
    }

    static func rules(in configuration: JSONValue) throws -> [Rule] {
        let kinds: [(member: String, target: String, destination: Destination)] = [
            ("LambdaFunctionConfigurations", "LambdaFunctionArn", .function),
            ("QueueConfigurations", "QueueArn", .queue), ("TopicConfigurations", "TopicArn", .topic),
        ]
        return try kinds.flatMap { kind in
            try (configuration[kind.member].map { Array($0.elements) } ?? []).map { entry in
                try rule(Members(entry), target: kind.target, destination: kind.destination)
            }
        }
    }

    private static func rule(
        _ member: Members, target: String, destination: Destination
    ) throws -> Rule {
        let filter: JSONValue? = try member("Filter")
        var (prefix, suffix) = ("", "")
        for rule in filter?["Key"]?["FilterRules"].map({ Array($0.elements) }) ?? [] {
            let value = rule["Value"]?.string ?? ""
            switch rule["Name"]?.string?.lowercased() {
            case "prefix": prefix = value
            case "suffix": suffix = value
            default:
                throw ServiceError.invalidArgument(
                    "filter rule name must be either prefix or suffix", "FilterRule.Name",
                    rule["Name"]?.string ?? "")
            }
        }
        return Rule(
            id: try member("Id") ?? "", destination: destination, target: try member(target),
            events: try member("Events"), prefix: prefix, suffix: suffix)
    }
}
