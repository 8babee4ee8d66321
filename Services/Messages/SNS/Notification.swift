import ServiceKit

/// The JSON documents subscribers get.
///
/// [Reference](https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html)
struct Notification {
    let message: Publication
    let sequenceNumber: String?
    let subscription: Subscription
    let text: String
    let signature: Signature?

    struct Signature: Sendable {
        let version: String
        let value: String
        let certificateName: String
    }

    init(_ message: Publication, sequence: String?, to subscription: Subscription, signedBy signer: Signer?) throws {
        self.message = message
        self.subscription = subscription
        sequenceNumber = sequence
        text = message.text(for: subscription.transport)
        signature = try signer?.signature(of: Notification.signedText(message, text, subscription.topic.arn))
    }

    /// For queues, HTTP endpoints and mail.
    var document: String {
        var json = JSONWriter()
        json.object { write(to: &$0, certificate: "SigningCertURL", unsubscribe: "UnsubscribeURL", typed: false) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The event a function is called with; two of its names end differently.
    var functionEvent: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("Records") { json in
                json.array { json in
                    json.object { json in
                        json.member("EventSource", "aws:sns")
                        json.member("EventVersion", "1.0")
                        json.member("EventSubscriptionArn", subscription.arn)
                        json.member("Sns") { json in
                            json.object { json in
                                write(
                                    to: &json, certificate: "SigningCertUrl", unsubscribe: "UnsubscribeUrl", typed: true
                                )
                            }
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    private func write(to json: inout JSONWriter, certificate: String, unsubscribe: String, typed: Bool) {
        json.member("Type", "Notification")
        json.member("MessageId", message.id)
        json.member("SequenceNumber", sequenceNumber)
        json.member("TopicArn", subscription.topic.arn)
        if let subject = message.subject {
            json.member("Subject", subject)
        } else if typed {
            json.member("Subject") { $0.null() }
        }
        json.member("Message", text)
        json.member("Timestamp", message.published.iso8601(milliseconds: true))
        if let signature {
            json.member("SignatureVersion", signature.version)
            json.member("Signature", signature.value)
            json.member(certificate, "\(subscription.origin)/\(signature.certificateName)")
        }
        json.member(unsubscribe, subscription.unsubscribeURL)
        if typed || !message.attributes.isEmpty { json.member("MessageAttributes") { writeAttributes(to: &$0) } }
    }

    private func writeAttributes(to json: inout JSONWriter) {
        json.object { json in
            for (name, attribute) in message.attributes.sorted {
                json.member(name) { json in
                    json.object { json in
                        json.member("Type", attribute.dataType)
                        json.member("Value", attribute.text ?? attribute.binary.map { Base64.string($0.bytes) } ?? "")
                    }
                }
            }
        }
    }

    /// The members a signature covers, in the order AWS signs them.
    private static func signedText(_ message: Publication, _ text: String, _ topic: ARN) -> String {
        var parts = ["Message", text, "MessageId", message.id]
        if let subject = message.subject { parts += ["Subject", subject] }
        parts += ["Timestamp", message.published.iso8601(milliseconds: true), "TopicArn", topic.description]
        parts += ["Type", "Notification"]
        return parts.joined(separator: "\n") + "\n"
    }
}

extension Subscription {
    /// With the version of the API, by which a request without credentials is known to be SNS's.
    func url(_ action: String) -> String { "\(origin)/?Action=\(action)&Version=2010-03-31" }

    var unsubscribeURL: String { "\(url("Unsubscribe"))&SubscriptionArn=\(arn)" }
}

/// A key as one topic uses it.
struct Signer {
    let key: SigningKey
    let version: String

    func signature(of text: String) throws -> Notification.Signature {
        Notification.Signature(
            version: version, value: try key.signature(of: text, version == "2" ? .sha256 : .sha1),
            certificateName: key.certificateName)
    }
}
