import HTTPTypes
import ServiceKit

extension Exchange {
    /// The source with what S3 writes into access logs and asks in conditions.
    func source(visitedBy identity: Identity) -> Call.Source {
        var source = source
        var visit = Call.Visit(requestLine: "\(head.method) \(head.target) HTTP/1.1")
        visit.referer = head.fields["Referer"] ?? ""
        visit.signature = identity.signature
        source.visit = visit
        return source
    }
}
