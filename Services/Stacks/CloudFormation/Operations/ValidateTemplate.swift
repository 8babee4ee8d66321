import ServiceKit
import TemplateLanguage

/// Reads a template, and tells what it asks of who uses it.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html)
struct ValidateTemplate: AWSOperation {
    struct Input: InputShape {
        let source: TemplateSource
        init(_ member: Members) throws { source = try TemplateSource(member) }
    }

    struct Output: OutputShape {
        let template: Template

        func write(to json: inout JSONWriter) {
            json.member("Parameters", template.parameters.map { DeclaredParameter(parameter: $0, isDetailed: false) })
            TemplateFacts(template: template).write(to: &json)
        }
    }

    let client: ServiceClient

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let text = try await input.source.text(in: call, client)
        let template: Template
        do { template = try Template(text) } catch { throw ServiceError(error) }
        guard template.unknownTypes.isEmpty else { throw ServiceError.unknownTypes(template.unknownTypes) }
        return Output(template: template)
    }
}
