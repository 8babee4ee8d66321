import ServiceKit

extension SESv2 {
    /// Deletes a template.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeleteEmailTemplate.html)
    struct DeleteEmailTemplate: AWSOperation {
        let store: MailStore

        func permissions(for input: GetEmailTemplate.Input, in call: Call) -> [Permission] {
            [Permission(on: ARN("ses", region: call.region, account: call.account, "template/\(input.templateName)"))]
        }

        func perform(_ input: GetEmailTemplate.Input, in call: Call) async throws -> NoOutput {
            try await store.write { try $0.deleteTemplate(input.templateName, in: call) }
            return NoOutput()
        }
    }
}
