import ServiceKit

extension NotificationConfiguration {
    private static let events: Set<String> = [
        "s3:ObjectCreated:*", "s3:ObjectCreated:Put", "s3:ObjectCreated:Post", "s3:ObjectCreated:Copy",
        "s3:ObjectCreated:CompleteMultipartUpload", "s3:ObjectRemoved:*", "s3:ObjectRemoved:Delete",
        "s3:ObjectRemoved:DeleteMarkerCreated", "s3:ObjectTagging:*", "s3:ObjectTagging:Put",
        "s3:ObjectTagging:Delete", "s3:ObjectAcl:Put", "s3:LifecycleExpiration:*", "s3:LifecycleExpiration:Delete",
        "s3:LifecycleExpiration:DeleteMarkerCreated", "s3:LifecycleTransition", "s3:Replication:*",
        "s3:Replication:OperationFailedReplication", "s3:Replication:OperationMissedThreshold",
        "s3:Replication:OperationReplicatedAfterThreshold", "s3:Replication:OperationNotTracked",
        "s3:ObjectRestore:*", "s3:ObjectRestore:Post", "s3:ObjectRestore:Completed", "s3:ObjectRestore:Delete",
    ]

    /// - Throws: `InvalidArgument` for unknown events, targets that are no ARN of their kind, and rules that overlap.
    static func check(_ rules: [Rule]) throws {
        for rule in rules {
            for event in rule.events where !events.contains(event) {
                throw ServiceError.invalidArgument(
                    "The event '\(event)' is not supported for notifications", "Event", event)
            }
            guard let arn = ARN(rule.target), arn.service == rule.destination.service else {
                throw ServiceError.invalidArgument("The ARN could not be parsed", "ARN", rule.target)
            }
        }
        for (index, rule) in rules.enumerated() {
            for other in rules.dropFirst(index + 1) where overlap(rule, other) {
                throw ServiceError.invalidArgument(
                    "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
                    "Event", rule.events.first ?? "")
            }
        }
    }

    /// Rules without an id are given one, as they come back with one.
    static func withIdentifiers(_ configuration: JSONValue) throws -> JSONValue {
        var json = JSONWriter()
        json.object { json in
            for list in configuration.members {
                json.member(list.name) { json in
                    json.array { json in
                        for rule in list.value.elements { json.object { write(rule, to: &$0) } }
                    }
                }
            }
        }
        return try JSONDocument(json.bytes).root
    }

    private static func write(_ rule: JSONValue, to json: inout JSONWriter) {
        if rule["Id"]?.isNull ?? true { json.member("Id", Identifier.uuid()) }
        for member in rule.members where !member.value.isNull { json.member(member.name, member.value) }
    }

    private static func overlap(_ first: Rule, _ second: Rule) -> Bool {
        let sharesEvent = first.events.contains { one in
            second.events.contains { two in covers(one, two) || covers(two, one) }
        }
        let sharesPrefix =
            ObjectKey.hasPrefix(first.prefix, second.prefix) || ObjectKey.hasPrefix(second.prefix, first.prefix)
        let sharesSuffix =
            ObjectKey.hasSuffix(first.suffix, second.suffix) || ObjectKey.hasSuffix(second.suffix, first.suffix)
        return sharesEvent && sharesPrefix && sharesSuffix
    }

    private static func covers(_ pattern: String, _ event: String) -> Bool {
        pattern == event || pattern.hasSuffix("*") && event.hasPrefix(pattern.dropLast())
    }
}

extension NotificationConfiguration.Destination {
    /// The service in the ARNs of its targets.
    fileprivate var service: String {
        switch self {
        case .function: "lambda"
        case .queue: "sqs"
        case .topic: "sns"
        case .thumbnails: "apus"
        }
    }
}
