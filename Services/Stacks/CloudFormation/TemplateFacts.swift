import ServiceKit
import TemplateLanguage

/// What a template asks of who uses it: the members that `ValidateTemplate` and `GetTemplateSummary` share.
struct TemplateFacts: Sendable {
    let template: Template

    func write(to json: inout JSONWriter) {
        let capabilities = Capabilities(template)
        json.member("Description", template.description)
        json.member("Capabilities", capabilities.needed.isEmpty ? nil : capabilities.needed)
        json.member("CapabilitiesReason", capabilities.reason)
        json.member("DeclaredTransforms", template.transforms.isEmpty ? nil : template.transforms)
    }
}

/// A parameter as its template declares it.
struct DeclaredParameter: OutputShape {
    let parameter: TemplateParameter
    /// Whether its type and what values it may have are told.
    let isDetailed: Bool

    func write(to json: inout JSONWriter) {
        json.member("ParameterKey", parameter.name)
        json.member("DefaultValue", parameter.defaultValue)
        json.member("NoEcho", parameter.isHidden)
        json.member("Description", parameter.description)
        guard isDetailed else { return }
        json.member("ParameterType", parameter.type)
        json.member("ParameterConstraints") { json in
            json.object { json in
                json.member("AllowedValues", parameter.allowedValues.isEmpty ? nil : parameter.allowedValues)
            }
        }
    }
}

extension Template {
    /// The types whose resources cannot be made here.
    var unknownTypes: [String] {
        Set(resources.map(\.type)).filter { ResourceCatalog.types[$0] == nil }.sorted()
    }
}
