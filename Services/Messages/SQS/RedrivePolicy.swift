import ServiceKit

/// Where messages go that were received too often.
struct RedrivePolicy: Sendable, Equatable {
    let deadLetterTarget: QueueAddress
    /// A message that was received this often without being deleted is moved instead of delivered.
    let maxReceiveCount: Int
    /// As it was set, which is how it is answered.
    let text: String

    init(_ text: String) throws {
        func refuse(_ reason: String) -> ServiceError {
            .invalidParameter("RedrivePolicy", text, because: reason)
        }
        guard let object = try? JSONDocument(Array(text.utf8)).root, object.kind == .object else {
            throw refuse("Redrive policy is not a valid JSON map.")
        }
        guard let target = object["deadLetterTargetArn"]?.string else {
            throw refuse("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        }
        guard let value = object["maxReceiveCount"] else {
            throw refuse("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
        }
        guard let count = value.int64 ?? value.string.flatMap(Int64.init), (1...1000).contains(count) else {
            throw refuse(
                "Invalid value for maxReceiveCount: \(value.string ?? value.numberText ?? ""), valid values are "
                    + "from 1 to 1000 both inclusive.")
        }
        guard let address = ARN(target).flatMap(QueueAddress.init) else {
            throw refuse("Invalid value for deadLetterTargetArn.")
        }
        deadLetterTarget = address
        maxReceiveCount = Int(count)
        self.text = text
    }

    /// Checks the policy of `source` against the queue it names.
    func check(from source: QueueAddress, to target: Queue?) throws {
        guard let target, target.address.account == source.account, target.address.region == source.region else {
            throw ServiceError.invalidParameter(
                "RedrivePolicy", text, because: "Dead letter target does not exist.")
        }
        guard target.address.isFIFO == source.isFIFO else {
            throw ServiceError.invalidParameter(
                "RedrivePolicy", text, because: "Dead-letter queue must be same type of queue as the source.")
        }
        guard target.attributes.redriveAllowPolicy?.allows(source) ?? true else {
            throw ServiceError.invalidParameter(
                "RedrivePolicy", text,
                because: "Dead letter target does not allow the queue \(source.arn) to use it as its dead-letter queue."
            )
        }
    }
}
