import AWSSignature
import HTTPTypes
import ServiceKit

extension Exchange {
    /// The source with what S3 writes into access logs.
    func source(visitedBy identity: Identity) -> Call.Source {
        var source = source
        var visit = Call.Visit(requestLine: "\(head.method) \(head.target) HTTP/1.1")
        visit.referer = head.fields["Referer"] ?? ""
        if let signed = identity.signed {
            visit.signature = "SigV4"
            visit.authentication = signed.form == .header ? "AuthHeader" : "QueryString"
        } else if VersionTwoSignature.isPresent(in: head) {
            visit.signature = "SigV2"
            visit.authentication = "QueryString"
        }
        source.visit = visit
        return source
    }
}
