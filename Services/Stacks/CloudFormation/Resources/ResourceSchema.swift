import ServiceKit
import TemplateLanguage

/// What AWS publishes about a type of resource: its properties, which of them need a replacement, its attributes.
struct ResourceSchema: Sendable {
    /// - Returns: `nil` for a type without a schema.
    static func named(_ type: String) -> ResourceSchema? { nil }

    /// Whether the type is known to AWS and its resources can be made here.
    let typeName: String

    /// Checks evaluated properties: unknown ones, missing ones, kinds, enumerations, patterns, lengths. What is
    /// `unknown` passes.
    ///
    /// - Throws: `ServiceError` in CloudFormation's words: `Properties validation failed for resource …`.
    func check(_ properties: TemplateMap, of logicalID: String) throws(ServiceError) {}

    /// The names of the properties that differ, at their first level.
    func differences(from old: TemplateMap, to new: TemplateMap) -> [String] { [] }

    /// Whether a change of the property needs another resource instead: `.always`, `.conditionally` where the new value
    /// is not known yet, `.never`.
    func replacement(for property: String, from old: TemplateMap, to new: TemplateMap) -> Replacement { .never }

    /// The properties with the stack's tags, where the type takes tags and the properties do not say otherwise.
    func adding(_ tags: [Tag], to properties: TemplateMap) -> TemplateMap { properties }

    /// Whether `Fn::GetAtt` knows the name.
    func hasAttribute(_ name: String) -> Bool { false }
}

enum Replacement: String, Sendable {
    case always = "Always"
    case conditionally = "Conditionally"
    case never = "Never"
}
