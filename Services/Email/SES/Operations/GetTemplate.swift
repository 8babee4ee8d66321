import ServiceKit

/// Answers a template.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_GetTemplate.html)
struct GetTemplate: AWSOperation {
    struct Input: InputShape {
        let templateName: String
        init(_ member: Members) throws { templateName = try member("TemplateName") }
    }

    struct Output: OutputShape {
        let template: Template
        func write(to json: inout JSONWriter) { json.member("Template", CreateTemplate.Parts(template)) }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(template: try await store.read { try $0.template(input.templateName, in: call) })
    }
}
