/// S3's word to a function, queue or topic that something happened to an object.
public struct ObjectNotification: InputShape {
    /// The ARN the bucket's owner configured.
    public let target: String
    public let bucket: String
    public let account: String
    public let region: String
    /// The documented message: `{"Records":[…]}`.
    public let message: [UInt8]

    public init(_ member: Members) throws {
        target = try member("target")
        bucket = try member("bucket")
        account = try member("account")
        region = try member("region")
        let message: JSONValue = try member("message")
        self.message = Array(message.rawBytes)
    }

    /// The call that delivers a notification to its target.
    public struct Delivery: Sendable {
        let service: String
        let operation: String
        let input: [UInt8]

        public init(_ service: String, _ operation: String, input: (inout JSONWriter) -> Void) {
            self.service = service
            self.operation = operation
            var json = JSONWriter()
            json.object(input)
            self.input = json.bytes
        }
    }

    /// S3 as the policies of the targets know it.
    public var caller: Caller {
        var caller = Caller.service("s3.amazonaws.com", account: account)
        caller.context = ["aws:SourceArn": ["arn:aws:s3:::\(bucket)"], "aws:SourceAccount": [account]]
        return caller
    }
}

extension ServiceHost {
    /// Delivers the notifications S3 keeps for this executable's kinds of targets (`Function`, `Queue`, `Topic`): each
    /// at least once, in the order of their keys, as the principal `s3.amazonaws.com`.
    ///
    /// A target that refuses, because it is gone or its policy says no, misses the event, as with AWS; one that cannot
    /// answer now is asked again.
    public func followObjectNotifications(
        for kinds: [String], _ delivery: @escaping @Sendable (ObjectNotification) throws -> ObjectNotification.Delivery
    ) throws {
        let cursor = try database("s3-notifications.sqlite", migrations: EventLog.migrations)
        let types = Set(kinds.map { "ObjectNotification.\($0)" })
        followEvents(
            of: "objects", log: "s3", as: name, types: types, in: cursor,
            .repeatable { [client, log] event in
                let notification = try ObjectNotification(event.members())
                let call = try delivery(notification)
                var options = ServiceClient.Options()
                options.region = notification.region
                do {
                    _ = try await client.call(
                        call.service, call.operation, call.input, as: notification.caller, options: options)
                } catch let error as ServiceError where error.status < 500 {
                    log.warning(
                        "A notification's target refused it",
                        [
                            "bucket": notification.bucket, "target": notification.target, "error": error.code,
                            "reason": error.message,
                        ])
                }
            })
    }
}
