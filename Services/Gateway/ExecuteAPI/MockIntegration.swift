import HTTP
import HTTPTypes
import ServiceKit

/// `MOCK`: answers by itself. The request template says which status; literal templates and quoted values only.
enum MockIntegration {
    static func respond(to call: Invocation) throws -> HTTPResponse {
        let integration = call.integration
        let status = try status(chosenBy: integration.requestTemplates)
        let response =
            integration.responses.values.first { $0.selectionPattern == status || $0.statusCode == status }
            ?? integration.responses.values.first { $0.selectionPattern?.isEmpty ?? true }
        guard let response, let code = Int(response.statusCode) else { throw Refusal.internalError }
        var fields = HTTPFields()
        for (name, value) in response.parameters.sorted(by: { $0.key < $1.key }) {
            let prefix = "method.response.header."
            guard name.hasPrefix(prefix), value.hasPrefix("'"), value.hasSuffix("'"), value.utf8.count >= 2 else {
                continue
            }
            fields.append(String(name.dropFirst(prefix.count)), String(value.dropFirst().dropLast()))
        }
        let template = response.templates["application/json"] ?? response.templates.values.first ?? ""
        if !fields.contains("Content-Type") { fields.append("Content-Type", "application/json") }
        return HTTPResponse(status: code, fields: fields, bytes: Array(template.utf8))
    }

    /// `{"statusCode": 200}` of the template for JSON.
    private static func status(chosenBy templates: [String: String]) throws -> String {
        guard let template = templates["application/json"] ?? templates.values.first,
            let value = try? JSONDocument(Array(template.utf8)).root["statusCode"], let status = value.int64
        else { throw Refusal.internalError }
        return "\(status)"
    }
}
