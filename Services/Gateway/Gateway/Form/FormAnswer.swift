import AWSWire
import Bytes
import HTTP
import HTTPTypes
import ServiceKit

/// How a browser is told that its file is stored: a redirect, a document or nothing.
struct FormAnswer {
    private let form: PostedForm
    private let bucket: String
    private let exchange: Exchange

    init(_ form: PostedForm, _ bucket: String, _ exchange: Exchange) {
        (self.form, self.bucket, self.exchange) = (form, bucket, exchange)
    }

    /// - Parameter stored: the answer to the request that the form stood for.
    func answer(_ stored: HTTPResponse) -> HTTPResponse {
        var fields = stored.head.fields
        for name in ["Content-Type", "Content-Length"] { fields[name] = nil }
        let etag = fields["ETag"] ?? ""
        let path = PercentEncoding.string(form.key, keepingSlash: true)
        let isOwnHost = if case .bucket = exchange.host.meaning { true } else { false }
        let location = isOwnHost ? "\(exchange.endpoint)/\(path)" : "\(exchange.endpoint)/\(bucket)/\(path)"
        if let page = redirect(etag) {
            fields["Location"] = page
            return HTTPResponse(status: 303, fields: fields)
        }
        fields["Location"] = location
        switch form.fields["success_action_status"] {
        case "200": return HTTPResponse(status: 200, fields: fields)
        case "201":
            fields["Content-Type"] = "application/xml"
            let document = S3Form.created(location: location, bucket: bucket, key: form.key, etag: etag)
            return HTTPResponse(status: 201, fields: fields, bytes: document)
        default: return HTTPResponse(status: 204, fields: fields)
        }
    }

    /// The page that the form names, with what was stored behind it; `nil` for none, or for no address.
    private func redirect(_ etag: String) -> String? {
        guard let page = form.fields["success_action_redirect"] ?? form.fields["redirect"],
            page.hasPrefix("http://") || page.hasPrefix("https://"),
            page.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        let items = [("bucket", bucket), ("key", form.key), ("etag", etag)]
            .map { "\($0.0)=\(PercentEncoding.string($0.1))" }
        return page + (page.contains("?") ? "&" : "?") + items.joined(separator: "&")
    }
}
