import HTTPTypes
import ServiceKit

extension Exchange {
    /// The source as the owner of a service wants it.
    func source(for target: Target, _ identity: Identity) -> Call.Source {
        switch target.service {
        case "s3": source(visitedBy: identity)
        case "ses", "sesv2": sourceOfOneInvocation
        default: source
        }
    }

    /// The source with what tells another attempt of a call from another call.
    private var sourceOfOneInvocation: Call.Source {
        var source = source
        source.invocation = head.fields["Amz-Sdk-Invocation-Id"] ?? ""
        return source
    }

    /// The source with what S3 writes into access logs and asks in conditions.
    private func source(visitedBy identity: Identity) -> Call.Source {
        var source = source
        var visit = Call.Visit(requestLine: "\(head.method) \(head.target) HTTP/1.1")
        visit.referer = head.fields["Referer"] ?? ""
        visit.signature = identity.signature
        source.visit = visit
        return source
    }
}
