import Synchronization
import TemplateLanguage

/// A stack's resources as they are, and what other stacks export.
final class StackSurroundings: TemplateSurroundings {
    private let resources: [String: PhysicalResource]
    private let exports: [String: String]
    private let asked = Mutex<Set<String>>([])

    init(_ resources: [StackResource], exports: [Export]) {
        self.resources = Dictionary(
            uniqueKeysWithValues: resources.compactMap { row in row.state.map { (row.logicalID, $0.physical) } })
        self.exports = Dictionary(uniqueKeysWithValues: exports.map { ($0.name, $0.value) })
    }

    /// The names of the exports that somebody asked for.
    var imports: Set<String> { asked.withLock { $0 } }

    func reference(to logicalID: String) -> TemplateValue {
        resources[logicalID].map { .string($0.reference) } ?? .unknown
    }

    func attribute(_ name: String, of logicalID: String) -> TemplateValue? {
        guard let resource = resources[logicalID] else { return .unknown }
        return resource.attributes[name]
    }

    func exportedValue(_ name: String) -> String? {
        asked.withLock { _ = $0.insert(name) }
        return exports[name]
    }
}
