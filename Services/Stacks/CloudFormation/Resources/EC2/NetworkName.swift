import ServiceKit
import TemplateLanguage

/// A part of a network: kept as a name, as there are no networks here (decision 0094).
///
/// Its ID is drawn from the stack, the logical ID and the attempt; all that is told of it comes from the ID and the
/// properties.
struct NetworkName: ResourceType {
    /// What a part of a network is told by.
    struct Facts {
        let id: String
        let properties: TemplateMap
        let context: ResourceContext

        /// An ID of something that belongs to this one.
        func related(_ prefix: String) -> String { NetworkName.id(prefix, of: "\(id) \(prefix)") }

        func text(_ name: String) -> TemplateValue? { properties.text(name).map { .string($0) } }
    }

    static let note = "Apus has no networks of its own: this is kept as a name, and restricts no traffic."

    let name: String
    /// Of its ID: `vpc`.
    let prefix: String
    /// The physical ID where it is not an ID of EC2's own form.
    var physicalID: @Sendable (Facts) -> String = { $0.id }
    /// What `Fn::GetAtt` gives besides properties.
    var attributes: @Sendable (Facts) -> [String: TemplateValue?] = { _ in [:] }
    /// The property that has a range of addresses.
    var range: String?

    /// None: nobody else can have an ID that is drawn.
    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? { nil }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        if let range, let text = properties.text(range), !Self.isRange(text) {
            throw ServiceError(
                "InvalidParameterValue",
                "Value (\(text)) for parameter cidrBlock is invalid. This is not a valid CIDR block.")
        }
        let id = Self.id(prefix, of: "\(context.stackID) \(context.logicalID) \(context.suffix)")
        return resource(physicalID(Facts(id: id, properties: properties, context: context)), properties, in: context)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        resource(id, new, in: context)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {}

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        resource(id, properties, in: context)
    }

    private func resource(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) -> PhysicalResource {
        let given = attributes(Facts(id: id, properties: properties, context: context))
        return PhysicalResource(id, attributes: given.compactMapValues { $0 }, note: Self.note)
    }

    /// In EC2's form: `vpc-0a1b2c3d4e5f60718`.
    fileprivate static func id(_ prefix: String, of text: String) -> String {
        "\(prefix)-\(hexadecimal(of: text, count: 17))"
    }

    static func hexadecimal(of text: String, count: Int) -> String {
        String(Hex.string(SHA256.hash(Array(text.utf8))).prefix(count))
    }

    /// `10.0.0.0/16`
    private static func isRange(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, numbers.count == 4, let length = Int(parts[1]) else { return false }
        return (0...32).contains(length) && numbers.allSatisfy { UInt8($0) != nil }
    }
}
