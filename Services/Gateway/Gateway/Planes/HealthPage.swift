import HTTP
import ServiceKit

/// Whether the door is open; who is behind it is asked by `apus status`.
enum HealthPage {
    static func own() -> HTTPResponse {
        var json = JSONWriter()
        json.object { $0.member("status", "ok") }
        return page(json)
    }

    /// What DynamoDB's own endpoints answer.
    static func service(_ host: String) -> HTTPResponse {
        HTTPResponse(status: 200, fields: ["Content-Type": "text/plain"], bytes: Array("healthy: \(host) ".utf8))
    }

    /// What LocalStack's clients and test containers wait for.
    static func localStack() -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.member("services") { json in
                json.object { json in
                    for service in Owners.services { json.member(service, "running") }
                }
            }
            json.member("edition", "apus")
            json.member("version", "4.0.0")
        }
        return page(json)
    }

    private static func page(_ json: JSONWriter) -> HTTPResponse {
        HTTPResponse(status: 200, fields: ["Content-Type": "application/json"], bytes: json.bytes)
    }
}
