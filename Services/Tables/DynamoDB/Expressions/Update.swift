import ServiceKit

/// An update ready to be applied: names resolved, values in place, types checked.
struct Update: Sendable, Equatable {
    enum Action: Sendable, Equatable {
        case set(DocumentPath, Value)
        case remove(DocumentPath)
        case add(DocumentPath, AttributeValue)
        case delete(DocumentPath, AttributeValue)

        var path: DocumentPath {
            switch self {
            case .set(let path, _), .remove(let path), .add(let path, _), .delete(let path, _): path
            }
        }
    }

    /// The right side of SET.
    enum Value: Sendable, Equatable {
        case operand(Operand)
        case plus(Operand, Operand)
        case minus(Operand, Operand)
    }

    indirect enum Operand: Sendable, Equatable {
        case path(DocumentPath)
        case value(AttributeValue)
        case ifNotExists(DocumentPath, Operand)
        case listAppend(Operand, Operand)

        /// The type, where it does not depend on an item.
        var literalKind: AttributeValue.Kind? {
            if case .value(let value) = self { value.kind } else { nil }
        }
    }

    let actions: [Action]
    /// Came as `AttributeUpdates`, whose faults are worded otherwise.
    var isLegacy = false

    /// The parts of the item it changes: what UPDATED_OLD and UPDATED_NEW answer.
    var paths: [DocumentPath] { actions.map(\.path) }
}

extension Update {
    static let missingAttribute = ServiceError.validation(
        "The provided expression refers to an attribute that does not exist in the item")
    static let wrongType = ServiceError.validation(
        "An operand in the update expression has an incorrect data type")
    static let invalidPath = ServiceError.validation(
        "The document path provided in the update expression is invalid for update")

    /// The item after the update.
    ///
    /// Every value is read from the item as it was. Elements set behind a list's end are appended in the order of
    /// their indices, and removals happen last, so that all indices are those of the old list.
    ///
    /// - Parameter isNew: the item did not exist; removing anything from it is no fault.
    func apply(to old: AttributeMap, isNew: Bool) throws(ServiceError) -> AttributeMap {
        var item = old
        let ordered = actions.filter { if case .remove = $0 { false } else { true } }
            .sorted { $0.path.precedes($1.path) }
        for action in ordered {
            if let value = try newValue(action, in: old) {
                try ItemEditor.set(action.path, to: value, in: &item)
            } else {
                try ItemEditor.remove(action.path, from: &item)
            }
        }
        guard !isNew else { return item }
        let removals = actions.compactMap { if case .remove(let path) = $0 { path } else { nil } }
        for path in removals.sorted(by: { $1.precedes($0) }) { try ItemEditor.remove(path, from: &item) }
        return item
    }

    private func newValue(_ action: Action, in item: AttributeMap) throws(ServiceError) -> AttributeValue? {
        do {
            return try Self.newValue(action, in: item)
        } catch {
            guard isLegacy, error == Self.wrongType else { throw error }
            throw .validation("Type mismatch for attribute to update")
        }
    }

    /// What an action leaves at its path; `nil` for nothing.
    private static func newValue(_ action: Action, in item: AttributeMap) throws(ServiceError) -> AttributeValue? {
        switch action {
        case .set(_, let value): return try value.evaluate(in: item)
        case .remove: return nil
        case .add(let path, let addend):
            guard let current = path.value(in: item) else { return addend }
            return try current.adding(addend)
        case .delete(let path, let subtrahend):
            guard let current = path.value(in: item) else { return nil }
            return try current.removing(subtrahend)
        }
    }
}

extension Update.Value {
    func evaluate(in item: AttributeMap) throws(ServiceError) -> AttributeValue {
        switch self {
        case .operand(let operand): return try operand.evaluate(in: item)
        case .plus(let left, let right):
            return .number(try Self.number(left, in: item).plus(try Self.number(right, in: item)))
        case .minus(let left, let right):
            return .number(try Self.number(left, in: item).minus(try Self.number(right, in: item)))
        }
    }

    private static func number(
        _ operand: Update.Operand, in item: AttributeMap
    ) throws(ServiceError) -> DynamoDBNumber {
        guard case .number(let number) = try operand.evaluate(in: item) else { throw Update.wrongType }
        return number
    }
}

extension Update.Operand {
    func evaluate(in item: AttributeMap) throws(ServiceError) -> AttributeValue {
        switch self {
        case .value(let value): return value
        case .path(let path):
            guard let value = path.value(in: item) else { throw Update.missingAttribute }
            return value
        case .ifNotExists(let path, let fallback):
            if let value = path.value(in: item) { return value }
            return try fallback.evaluate(in: item)
        case .listAppend(let first, let second):
            guard case .list(let head) = try first.evaluate(in: item),
                case .list(let tail) = try second.evaluate(in: item)
            else { throw Update.wrongType }
            return .list(head + tail)
        }
    }
}

extension AttributeValue {
    /// ADD: a sum, or the union of two sets of one type.
    func adding(_ other: AttributeValue) throws(ServiceError) -> AttributeValue {
        switch (self, other) {
        case (.number(let left), .number(let right)): return .number(try left.plus(right))
        case (.stringSet(let left), .stringSet(let right)): return .stringSet(Set(left).union(right).sorted())
        case (.numberSet(let left), .numberSet(let right)): return .numberSet(Set(left).union(right).sorted())
        case (.binarySet(let left), .binarySet(let right)):
            return .binarySet(Set(left).union(right).sorted(by: ByteOrder.isOrdered))
        default: throw Update.wrongType
        }
    }

    /// DELETE: the set without the other's elements; `nil` where none is left, as there are no empty sets.
    func removing(_ other: AttributeValue) throws(ServiceError) -> AttributeValue? {
        switch (self, other) {
        case (.stringSet(let left), .stringSet(let right)):
            let rest = left.filter { !right.contains($0) }
            return rest.isEmpty ? nil : .stringSet(rest)
        case (.numberSet(let left), .numberSet(let right)):
            let rest = left.filter { !right.contains($0) }
            return rest.isEmpty ? nil : .numberSet(rest)
        case (.binarySet(let left), .binarySet(let right)):
            let rest = left.filter { !right.contains($0) }
            return rest.isEmpty ? nil : .binarySet(rest)
        default: throw Update.wrongType
        }
    }
}

extension DocumentPath {
    /// An order in which the indices of one list ascend.
    func precedes(_ other: DocumentPath) -> Bool {
        for (left, right) in zip(allSteps, other.allSteps) where left != right {
            switch (left, right) {
            case (.index(let left), .index(let right)): return left < right
            case (.attribute(let left), .attribute(let right)): return left < right
            case (.index, .attribute): return true
            case (.attribute, .index): return false
            }
        }
        return steps.count < other.steps.count
    }
}
