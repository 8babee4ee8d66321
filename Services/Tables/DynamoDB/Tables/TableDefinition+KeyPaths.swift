import ServiceKit

extension TableDefinition {
    /// - Throws: for a path that leads into an attribute of a key, which is neither a list nor a map.
    func refusePathsIntoKeys(_ paths: [DocumentPath]) throws(ServiceError) {
        for path in paths where !path.isTopLevel {
            if schema.contains(path.root) { throw .pathIntoKey("Key: \(path.root)") }
            if indexes.contains(where: { $0.schema.contains(path.root) }) {
                throw .pathIntoKey("IndexKey: \(path.root)")
            }
        }
    }

    /// - Throws: for a value given for an attribute of an index's key that the index cannot take.
    func validateIndexKeys(of update: Update) throws(ServiceError) {
        guard !indexes.isEmpty else { return }
        for case .set(let path, .operand(.value(let value))) in update.actions where path.isTopLevel {
            try validateIndexKeys(of: [path.root: value])
        }
    }

    /// The same of an item, of which an expression computed some attributes.
    func validateIndexKeys(of item: AttributeMap, after update: Update?) throws(ServiceError) {
        for path in update?.computedPaths ?? [] where path.isTopLevel {
            guard let value = item[path.root] else { continue }
            let attributes = indexes.lazy.flatMap(\.schema.attributes)
            guard attributes.allSatisfy({ $0.name != path.root || $0.kind == value.kind }) else {
                throw .validation(
                    "The update expression attempted to update the secondary index key to unsupported type")
            }
        }
        try validateIndexKeys(of: item)
    }
}

extension Condition {
    var paths: [DocumentPath] {
        var paths: [DocumentPath] = []
        collectPaths { paths.append($0) }
        return paths
    }
}

extension Update {
    /// Those it changes and those it reads.
    var allPaths: [DocumentPath] {
        var all = paths
        for case .set(_, let value) in actions { value.collectPaths { all.append($0) } }
        return all
    }

    /// Those set to what depends on the item.
    fileprivate var computedPaths: [DocumentPath] {
        guard !isLegacy else { return [] }
        return actions.compactMap { action in
            switch action {
            case .set(_, .operand(.value)), .remove, .add, .delete: nil
            case .set(let path, _): path
            }
        }
    }
}

extension Update.Value {
    fileprivate func collectPaths(_ body: (DocumentPath) -> Void) {
        switch self {
        case .operand(let operand): operand.collectPaths(body)
        case .plus(let left, let right), .minus(let left, let right):
            left.collectPaths(body)
            right.collectPaths(body)
        }
    }
}

extension Update.Operand {
    fileprivate func collectPaths(_ body: (DocumentPath) -> Void) {
        switch self {
        case .value: break
        case .path(let path): body(path)
        case .ifNotExists(let path, let operand):
            body(path)
            operand.collectPaths(body)
        case .listAppend(let left, let right):
            left.collectPaths(body)
            right.collectPaths(body)
        }
    }
}

extension ServiceError {
    fileprivate static func pathIntoKey(_ key: String) -> ServiceError {
        .validation(
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: \(key)")
    }
}
