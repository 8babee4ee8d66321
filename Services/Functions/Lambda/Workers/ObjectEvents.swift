import ServiceKit

/// Takes up S3's notifications for functions: each becomes an asynchronous invocation, exactly once, because it is
/// accepted in the transaction that remembers how far S3's events were read.
struct ObjectEvents: Sendable {
    let store: LambdaStore
    let events: EventQueue
    let clock: any WallClock
    let log: Log

    /// Follows S3's events until the host stops.
    func follow(on host: ServiceHost) {
        host.followEvents(
            of: "objects", log: "s3", as: "functions", types: ["ObjectNotification.Function"], in: store.database,
            .transaction { event, transaction in try apply(ObjectNotification(event.members()), in: transaction) })
    }

    /// A function that is gone, or does not let S3 call it, is passed over, as on AWS.
    private func apply(_ notification: ObjectNotification, in transaction: Transaction) throws {
        guard let name = FunctionName(notification.target), let account = name.account, let region = name.region else {
            return log.warning("An S3 notification names no function", ["target": notification.target])
        }
        let key = FunctionKey(account: account, region: region, name: name.name)
        guard try transaction.function(key) != nil else {
            return log.warning("An S3 notification is for a function that is gone", ["target": notification.target])
        }
        guard try mayInvoke(notification, key, name.qualifier, in: transaction) else {
            return log.warning(
                "S3 may not invoke a function", ["target": notification.target, "bucket": notification.bucket])
        }
        try events.accept(
            notification.message, for: key, qualifier: name.qualifier, requestID: Identifier.uuid(),
            trace: nil, at: clock.now, in: transaction)
    }

    private func mayInvoke(
        _ notification: ObjectNotification, _ key: FunctionKey, _ qualifier: String?, in transaction: Transaction
    ) throws -> Bool {
        let statements = try transaction.statements(of: key, qualifier: qualifier ?? "")
        guard !statements.isEmpty else { return false }
        let policy = try Policy.parse(PolicyStatement.policy(of: statements))
        let request = AccessRequest(
            AccessPrincipal(notification.caller), "lambda:InvokeFunction", on: key.arn(qualifier).description,
            resourceAccount: key.account,
            at: clock.now,
            context: notification.caller.context)
        return ApplicablePolicies(resource: policy).decide(request).isAllowed
    }
}
