import ServiceKit

/// Stores a template.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_CreateTemplate.html)
struct CreateTemplate: AWSOperation {
    struct Input: InputShape {
        let template: Parts
        init(_ member: Members) throws { template = try member("Template") }
    }

    /// A template as the first API generation names its parts.
    struct Parts: InputShape, OutputShape {
        let name: String
        let subject: String?
        let text: String?
        let html: String?

        init(_ member: Members) throws {
            name = try member("TemplateName")
            subject = try member("SubjectPart")
            text = try member("TextPart")
            html = try member("HtmlPart")
        }

        init(_ template: Template) {
            name = template.name
            subject = template.subject
            text = template.text
            html = template.html
        }

        func write(to json: inout JSONWriter) {
            json.member("TemplateName", name)
            json.member("SubjectPart", subject)
            json.member("TextPart", text)
            json.member("HtmlPart", html)
        }

        func template(at now: Timestamp) -> Template {
            Template(name: name, subject: subject, text: text, html: html, created: now)
        }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { try $0.insert(input.template.template(at: call.now), in: call) }
        return NoOutput()
    }
}
