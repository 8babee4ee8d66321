import ServiceKit

extension SESv2 {
    /// Answers a template.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailTemplate.html)
    struct GetEmailTemplate: AWSOperation {
        struct Input: InputShape {
            let templateName: String
            init(_ member: Members) throws { templateName = try member("TemplateName") }
        }

        struct Output: OutputShape {
            let template: Template

            func write(to json: inout JSONWriter) {
                json.member("TemplateName", template.name)
                json.member("TemplateContent", TemplateContent(template))
            }
        }

        let store: MailStore

        func permissions(for input: Input, in call: Call) -> [Permission] {
            [Permission(on: ARN("ses", region: call.region, account: call.account, "template/\(input.templateName)"))]
        }

        func perform(_ input: Input, in call: Call) async throws -> Output {
            do {
                return Output(template: try await store.read { try $0.template(input.templateName, in: call) })
            } catch let error as ServiceError {
                throw error.inVersionTwo
            }
        }
    }
}
