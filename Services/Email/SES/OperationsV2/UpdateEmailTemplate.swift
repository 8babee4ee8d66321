import ServiceKit

extension SESv2 {
    /// Replaces a template.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_UpdateEmailTemplate.html)
    struct UpdateEmailTemplate: AWSOperation {
        let store: MailStore

        func permissions(for input: CreateEmailTemplate.Input, in call: Call) -> [Permission] {
            [Permission(on: ARN("ses", region: call.region, account: call.account, "template/\(input.templateName)"))]
        }

        func perform(_ input: CreateEmailTemplate.Input, in call: Call) async throws -> NoOutput {
            do {
                try await store.write { transaction in
                    try transaction.update(
                        input.templateContent.template(input.templateName, at: call.now), in: call)
                }
            } catch let error as ServiceError {
                throw error.inVersionTwo
            }
            return NoOutput()
        }
    }
}
