import ServiceKit

/// Deletes a template; one that is not there is as good as deleted.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_DeleteTemplate.html)
struct DeleteTemplate: AWSOperation {
    let store: MailStore

    func permissions(for input: GetTemplate.Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: GetTemplate.Input, in call: Call) async throws -> NoOutput {
        try await store.write { try $0.deleteTemplate(input.templateName, in: call) }
        return NoOutput()
    }
}
