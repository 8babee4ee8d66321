import ServiceKit

/// Something that happened to an object, as AWS's
/// [event message](https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html) says it.
struct ObjectEvent: Sendable {
    /// `ObjectCreated:Put`
    let name: String
    let key: String
    let size: Int64?
    let etag: String?
    /// `nil` where the bucket has no versions.
    let version: String?
    /// What only some events tell.
    var detail: Detail?

    enum Detail: Sendable {
        case replication(ReplicationDetail)
        /// To this storage class.
        case transition(String)
        /// Of an archived object that became readable.
        case restored(RestoredCopy)
    }

    static func created(_ how: String, _ draft: ObjectDraft, version: String) -> ObjectEvent {
        ObjectEvent(
            name: "ObjectCreated:\(how)", key: draft.key, size: draft.size, etag: draft.etag,
            version: version == VersionID.null ? nil : version)
    }

    /// The message for one destination.
    func write(to json: inout JSONWriter, of bucket: Bucket, rule: String, in call: Call, sequence: Int64) {
        json.member("Records") { json in
            json.array { json in
                json.object { json in
                    json.member("eventVersion", formVersion)
                    json.member("eventSource", "aws:s3")
                    json.member("awsRegion", bucket.region)
                    json.member("eventTime", call.now.iso8601(milliseconds: true))
                    json.member("eventName", name)
                    writeCause(to: &json, call)
                    json.member("s3") { writeSubject(to: &$0, bucket, rule, sequence) }
                    writeDetail(to: &json)
                }
            }
        }
    }

    /// The form of the message, which grew with the kinds of events.
    private var formVersion: String {
        if name.hasPrefix("Replication:") { return "2.2" }
        let later = ["Lifecycle", "ObjectTagging:", "ObjectAcl:", "ObjectRestore:Delete", "IntelligentTiering"]
        return later.contains(where: name.hasPrefix) ? "2.3" : "2.1"
    }

    private func writeDetail(to json: inout JSONWriter) {
        switch detail {
        case .replication(let detail): json.member("replicationEventData", detail)
        case .transition(let storageClass):
            json.member("lifecycleEventData") { json in
                json.object { json in
                    json.member("transitionEventData") { json in
                        json.object { $0.member("destinationStorageClass", storageClass) }
                    }
                }
            }
        case .restored(let copy): json.member("glacierEventData", copy)
        case nil: break
        }
    }

    private func writeCause(to json: inout JSONWriter, _ call: Call) {
        json.member("userIdentity") { json in
            json.object { $0.member("principalId", "AWS:\(call.caller.userID)") }
        }
        json.member("requestParameters") { json in
            json.object { $0.member("sourceIPAddress", call.source.address) }
        }
        json.member("responseElements") { json in
            json.object { json in
                json.member("x-amz-request-id", call.requestID)
                json.member("x-amz-id-2", call.requestID)
            }
        }
    }

    private func writeSubject(to json: inout JSONWriter, _ bucket: Bucket, _ rule: String, _ sequence: Int64) {
        json.object { json in
            json.member("s3SchemaVersion", "1.0")
            json.member("configurationId", rule)
            json.member("bucket") { json in
                json.object { json in
                    json.member("name", bucket.name)
                    json.member("ownerIdentity") { $0.object { $0.member("principalId", bucket.owner.id) } }
                    json.member("arn", bucket.arn.description)
                }
            }
            json.member("object") { json in
                json.object { json in
                    json.member("key", Self.formEncoded(key))
                    json.member("size", size)
                    json.member("eTag", etag)
                    json.member("versionId", version)
                    json.member("sequencer", Self.sequencer(sequence))
                }
            }
        }
    }

    /// Keys are encoded as in a query, with `+` for spaces.
    private static func formEncoded(_ key: String) -> String {
        PercentEncoding.string(key, keepingSlash: true).split(separator: "%20", omittingEmptySubsequences: false)
            .joined(separator: "+")
    }

    /// Ascending for the events of one key; compared as text.
    private static func sequencer(_ number: Int64) -> String { number.digits(18, radix: 16, uppercase: true) }
}

/// An object's event on its way to one destination: the durable event that `functions`, `messages` and `thumbnails`
/// read, each its own type.
struct ObjectNotification<Receiver: NotificationReceiver>: Event {
    static var type: String { "ObjectNotification.\(Receiver.name)" }

    let event: ObjectEvent
    let bucket: Bucket
    let rule: NotificationConfiguration.Rule
    let call: Call
    let sequence: Int64

    var key: String { "\(bucket.name)/\(event.key)" }

    func write(to json: inout JSONWriter) {
        json.member("target", rule.target)
        json.member("bucket", bucket.name)
        json.member("account", bucket.account)
        json.member("region", bucket.region)
        json.member("key", event.key)
        json.member("event", event.name)
        json.member("message") { json in
            json.object { event.write(to: &$0, of: bucket, rule: rule.id, in: call, sequence: sequence) }
        }
    }
}

protocol NotificationReceiver: Sendable { static var name: String { get } }
enum FunctionReceiver: NotificationReceiver { static let name = "Function" }
enum QueueReceiver: NotificationReceiver { static let name = "Queue" }
enum TopicReceiver: NotificationReceiver { static let name = "Topic" }
enum ThumbnailsReceiver: NotificationReceiver { static let name = "Thumbnails" }

/// What queues and topics are sent when a bucket begins to tell them of its objects.
///
/// [The test message](https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html)
struct TestNotification<Receiver: NotificationReceiver>: Event {
    static var type: String { ObjectNotification<Receiver>.type }

    let bucket: Bucket
    let target: String
    let call: Call

    var key: String { bucket.name }

    func write(to json: inout JSONWriter) {
        json.member("target", target)
        json.member("bucket", bucket.name)
        json.member("account", bucket.account)
        json.member("region", bucket.region)
        json.member("key", "")
        json.member("event", "TestEvent")
        json.member("message") { json in
            json.object { json in
                json.member("Service", "Amazon S3")
                json.member("Event", "s3:TestEvent")
                json.member("Time", call.now.iso8601(milliseconds: true))
                json.member("Bucket", bucket.name)
                json.member("RequestId", call.requestID)
                json.member("HostId", call.trace.hex)
            }
        }
    }
}

extension Transaction {
    /// Tells the queues and topics of a new configuration that they are in it; functions are not told.
    func announce(_ rules: [NotificationConfiguration.Rule], of bucket: Bucket, in call: Call) throws {
        var told: Set<String> = []
        for rule in rules where told.insert(rule.target).inserted {
            switch rule.destination {
            case .queue:
                try record(
                    TestNotification<QueueReceiver>(bucket: bucket, target: rule.target, call: call), at: call.now)
            case .topic:
                try record(
                    TestNotification<TopicReceiver>(bucket: bucket, target: rule.target, call: call), at: call.now)
            case .function, .thumbnails: break
            }
        }
    }

    /// Records the event for everybody the bucket tells of it.
    func notify(_ event: ObjectEvent, of bucket: Bucket, in call: Call) throws {
        let rules = bucket.notifications.rules
        if rules.isEmpty { return }
        // Ascending, as positions in the event log are.
        let sequence = try lastEventPosition() + 1
        for rule in rules where rule.matches("s3:\(event.name)", key: event.key) {
            switch rule.destination {
            case .function: try record(FunctionReceiver.self, event, bucket, rule, call, sequence)
            case .queue: try record(QueueReceiver.self, event, bucket, rule, call, sequence)
            case .topic: try record(TopicReceiver.self, event, bucket, rule, call, sequence)
            case .thumbnails: try record(ThumbnailsReceiver.self, event, bucket, rule, call, sequence)
            }
        }
    }

    private func record<Receiver: NotificationReceiver>(
        _ receiver: Receiver.Type, _ event: ObjectEvent, _ bucket: Bucket, _ rule: NotificationConfiguration.Rule,
        _ call: Call, _ sequence: Int64
    ) throws {
        try record(
            ObjectNotification<Receiver>(event: event, bucket: bucket, rule: rule, call: call, sequence: sequence),
            at: call.now)
    }
}
