import ServiceKit
import TemplateLanguage

/// What a definition would change in a stack.
struct ChangePlan: Sendable {
    /// In the order of their names.
    private(set) var resources: [ResourceChange] = []
    /// Whether outputs, tags or the role change, which are no resources.
    private(set) var changesTheStack = false

    var isEmpty: Bool { resources.isEmpty && !changesTheStack }

    /// - Throws: `TemplateError`, also for a resource that would get another type.
    init(
        of stack: Stack, _ rows: [StackResource], to checked: StackRequest.Checked, exports: [Export]
    ) throws(TemplateError) {
        let differ = ResourceComparison(stack, checked)
        var surroundings = PlannedSurroundings(StackSurroundings(rows, exports: exports))
        let states = Dictionary(uniqueKeysWithValues: rows.map { ($0.logicalID, $0) })
        try Self.checkTypes(of: checked.evaluation.resources, states)
        for resource in checked.evaluation.inOrder {
            let properties = try checked.evaluation.goalProperties(
                of: resource, in: surroundings, checked.definition.tags)
            let change: ResourceChange?
            if let row = states[resource.logicalID], let state = row.state {
                change = differ.modification(of: state, to: resource, properties, surroundings.changed)
            } else {
                change = differ.addition(of: resource, properties)
            }
            guard let change else { continue }
            resources.append(change)
            surroundings.note(change)
        }
        let wanted = Set(checked.evaluation.resources.map(\.logicalID))
        resources += rows.filter { !wanted.contains($0.logicalID) }.map(differ.removal)
        resources.sort { $0.logicalID < $1.logicalID }
        let (old, new) = (stack.definition, checked.definition)
        let outputs = try checked.evaluation.outputs(in: surroundings)
        changesTheStack =
            changesTheStack || old.tags != new.tags || old.roleARN != new.roleARN || outputs != stack.outputs
    }

    private static func checkTypes(
        of resources: [TemplateResource], _ rows: [String: StackResource]
    ) throws(TemplateError) {
        let changed = resources.filter { resource in
            rows[resource.logicalID]?.state.map { $0.type != resource.type } ?? false
        }
        guard changed.isEmpty else {
            let names = changed.map(\.logicalID).sorted().joined(separator: ", ")
            throw TemplateError(
                """
                Update of resource type is not permitted. The new template modifies resource type of the following \
                resources: [\(names)]
                """)
        }
    }
}

/// A stack's resources as they are, but those that are to be made or replaced, of which nothing is known.
struct PlannedSurroundings: TemplateSurroundings {
    private let present: StackSurroundings
    private(set) var changed: Set<String> = []
    private var fresh: Set<String> = []

    init(_ present: StackSurroundings) { self.present = present }

    mutating func note(_ change: ResourceChange) {
        changed.insert(change.logicalID)
        if change.action == .add || change.replacement != .never { fresh.insert(change.logicalID) }
    }

    func reference(to logicalID: String) -> TemplateValue {
        fresh.contains(logicalID) ? .unknown : present.reference(to: logicalID)
    }

    func attribute(_ name: String, of logicalID: String) -> TemplateValue? {
        fresh.contains(logicalID) ? .unknown : present.attribute(name, of: logicalID)
    }

    func exportedValue(_ name: String) -> String? { present.exportedValue(name) }
}

extension Evaluation {
    /// The resources, each behind those it depends on.
    var inOrder: [TemplateResource] {
        let present = Set(resources.map(\.logicalID))
        var done: Set<String> = []
        var (waiting, ordered) = (resources, [TemplateResource]())
        while !waiting.isEmpty {
            let ready = waiting.filter { $0.dependencies.intersection(present).isSubset(of: done) }
            // There are no circles.
            guard !ready.isEmpty else { return ordered + waiting }
            ordered += ready
            done.formUnion(ready.map(\.logicalID))
            waiting.removeAll { done.contains($0.logicalID) }
        }
        return ordered
    }
}
