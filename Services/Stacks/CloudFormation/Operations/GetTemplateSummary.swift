import ServiceKit
import TemplateLanguage

/// Tells what a template, or a stack's, asks of who uses it, and what is in it.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html)
struct GetTemplateSummary: AWSOperation {
    struct Input: InputShape {
        struct Configuration: InputShape {
            let toleratesUnknownTypes: Bool?
            init(_ member: Members) throws {
                toleratesUnknownTypes = try member("TreatUnrecognizedResourceTypesAsWarnings")
            }
        }

        let source: TemplateSource
        let stackName: String?
        let stackSetName: String?
        let configuration: Configuration?

        init(_ member: Members) throws {
            source = try TemplateSource(member)
            stackName = try member("StackName")
            stackSetName = try member("StackSetName")
            configuration = try member("TemplateSummaryConfig")
        }
    }

    struct Output: OutputShape {
        let template: Template
        /// Of the types that nothing is known of; `nil` where those are refused.
        let unknownTypes: [String]?

        func write(to json: inout JSONWriter) {
            TemplateFacts(template: template).write(to: &json)
            json.member("Parameters", template.parameters.map { DeclaredParameter(parameter: $0, isDetailed: true) })
            json.member("ResourceTypes", Set(template.resources.map(\.type)).sorted())
            json.member("Version", "2010-09-09")
            json.member("Metadata", template.metadata?.jsonText)
            guard let unknownTypes, !unknownTypes.isEmpty else { return }
            json.member("Warnings") { json in
                json.object { $0.member("UnrecognizedResourceTypes", unknownTypes) }
            }
        }
    }

    let store: StackStore
    let client: ServiceClient

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        guard let name = input.stackName else { return [Permission(on: "*")] }
        return [try await store.permission(on: name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let text = try await text(for: input, in: call)
        let template: Template
        do { template = try Template(text) } catch { throw ServiceError(error) }
        let unknown = template.unknownTypes
        let isTolerant = input.configuration?.toleratesUnknownTypes ?? false
        guard unknown.isEmpty || isTolerant else { throw ServiceError.unknownTypes(unknown) }
        return Output(template: template, unknownTypes: isTolerant ? unknown : nil)
    }

    private func text(for input: Input, in call: Call) async throws -> String {
        if let name = input.stackSetName {
            throw ServiceError("StackSetNotFoundException", "StackSet \(name) not found", status: 404)
        }
        guard let name = input.stackName else { return try await input.source.text(in: call, client) }
        guard !input.source.isGiven else {
            throw ServiceError.validation("StackName can not be used together with a template.")
        }
        return try await store.read { try $0.describedStack(name, at: Place(call)).definition.template }
    }
}
