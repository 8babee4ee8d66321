import ServiceKit

extension SESv2 {
    /// Stores a template.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailTemplate.html)
    struct CreateEmailTemplate: AWSOperation {
        struct Input: InputShape {
            let templateName: String
            let templateContent: TemplateContent

            init(_ member: Members) throws {
                templateName = try member("TemplateName")
                templateContent = try member("TemplateContent")
            }
        }

        let store: MailStore

        func permissions(for input: Input, in call: Call) -> [Permission] {
            [Permission(on: ARN("ses", region: call.region, account: call.account, "template/\(input.templateName)"))]
        }

        func perform(_ input: Input, in call: Call) async throws -> NoOutput {
            do {
                try await store.write { transaction in
                    try transaction.insert(
                        input.templateContent.template(input.templateName, at: call.now), in: call)
                }
            } catch let error as ServiceError {
                throw error.inVersionTwo
            }
            return NoOutput()
        }
    }
}
