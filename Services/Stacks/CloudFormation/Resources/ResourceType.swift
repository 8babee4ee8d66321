import ServiceKit
import TemplateLanguage

/// How resources of one type come to be, change and go: by the operations of the service that has them.
///
/// The engine has checked the properties against the type's schema, evaluated them, and decided whether a change needs a
/// replacement (a `createOnly` property of the schema). Every method may be run again after a crash, at any point of it.
protocol ResourceType: Sendable {
    /// `AWS::DAX::Cluster`
    var name: String { get }

    /// The properties that can be carried out; a template with another one of the schema's is refused. `nil`: all.
    var properties: Set<String>? { get }

    /// The physical ID of a resource that is to be made, where it is known before: the name its properties give, or
    /// `context.generatedName(…)`. Kept before anything is called. `nil` where the service chooses it.
    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String?

    /// Makes the resource and waits until it can be used.
    ///
    /// - Parameter planned: what `plannedID` gave. After a crash the resource may be there already (`context.isRetry`):
    ///   then it is this one.
    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource

    /// Changes the resource as it is to what the new properties say, and waits until that is done.
    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource

    /// Deletes the resource and waits until it is gone. One that is not there is deleted.
    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws

    /// The resource as it is; `nil` where it is not there.
    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource?
}

extension ResourceType {
    var properties: Set<String>? { nil }
}

/// A resource that exists.
struct PhysicalResource: Sendable, Hashable {
    /// What `PhysicalResourceId` shows.
    var id: String
    /// What `Ref` gives; the ID unless the type says otherwise.
    var reference: String
    /// What `Fn::GetAtt` gives, by name.
    var attributes: [String: TemplateValue]
    /// What whoever reads the stack's events should know: what of it is not done here.
    var note: String?

    init(_ id: String, reference: String? = nil, attributes: [String: TemplateValue] = [:], note: String? = nil) {
        (self.id, self.reference, self.attributes, self.note) = (id, reference ?? id, attributes, note)
    }
}
