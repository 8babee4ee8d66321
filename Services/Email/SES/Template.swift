import ServiceKit

/// A mail with gaps: `Dear {{name}}`.
struct Template: Sendable {
    let name: String
    var subject: String?
    var text: String?
    var html: String?
    let created: Timestamp

    /// - Throws: `MissingRenderingAttribute` for a gap without data.
    func render(_ data: String) throws -> (subject: String, text: String?, html: String?) {
        let values: JSONValue
        do {
            values = try JSONDocument(Array(data.utf8)).root
        } catch {
            throw ServiceError.invalidRenderingData("\(error)")
        }
        return (
            try Template.fill(subject ?? "", with: values, escaped: false),
            try text.map { try Template.fill($0, with: values, escaped: false) },
            try html.map { try Template.fill($0, with: values, escaped: true) }
        )
    }

    /// Replaces `{{a.b}}`; `{{{a}}}` and text parts are not escaped for HTML.
    private static func fill(_ template: String, with values: JSONValue, escaped: Bool) throws -> String {
        var out = ""
        var rest = Substring(template)
        while let open = rest.firstRange(of: "{{") {
            out += rest[..<open.lowerBound]
            let isRaw = rest[open.upperBound...].hasPrefix("{")
            let closing = isRaw ? "}}}" : "}}"
            let start = rest.index(open.upperBound, offsetBy: isRaw ? 1 : 0)
            guard let close = rest[start...].firstRange(of: closing) else {
                throw ServiceError.invalidRenderingData("a gap is not closed")
            }
            let path = rest[start..<close.lowerBound].filter { $0 != " " }
            guard path.first != "#", path.first != "/" else {
                throw ServiceError.invalidRenderingData("block helpers are not implemented by Apus")
            }
            let text = try value(at: path, in: values)
            out += escaped && !isRaw ? escape(text) : text
            rest = rest[close.upperBound...]
        }
        return out + rest
    }

    private static func value(at path: String, in values: JSONValue) throws -> String {
        guard !path.isEmpty else { throw ServiceError.missingAttribute(path) }
        var value = values
        for name in path.split(separator: ".") {
            guard let inner = value[String(name)] else { throw ServiceError.missingAttribute(path) }
            value = inner
        }
        return value.string ?? String(decoding: value.rawBytes, as: UTF8.self)
    }

    /// Handlebars' list. By code point: a quote before a combining accent is one `Character` with it, and a quote still.
    private static func escape(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#x27;"
            case "`": out += "&#x60;"
            case "=": out += "&#x3D;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
