import ServiceKit

extension Channels {
    /// Hands the event to Lambda, which keeps it and calls the function in its own time.
    func invoke(_ function: String, with notification: Notification) async throws {
        guard let arn = ARN(function) else { throw DeliveryFailure.permanent("no ARN") }
        try await call("lambda", "Invoke", for: notification.subscription.topic, region: arn.region) { json in
            json.member("FunctionName", function)
            json.member("InvocationType", "Event")
            json.member("Payload", Blob(notification.functionEvent))
        }
    }
}
