import ServiceKit

/// Replaces a template.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_UpdateTemplate.html)
struct UpdateTemplate: AWSOperation {
    let store: MailStore

    func permissions(for input: CreateTemplate.Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: CreateTemplate.Input, in call: Call) async throws -> NoOutput {
        try await store.write { try $0.update(input.template.template(at: call.now), in: call) }
        return NoOutput()
    }
}
