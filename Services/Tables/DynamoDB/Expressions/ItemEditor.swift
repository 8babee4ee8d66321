import ServiceKit

/// Changes single places inside an item.
enum ItemEditor {
    /// Sets a value; behind a list's end it is appended.
    ///
    /// - Throws: where the path leads through something that is missing or is neither list nor map.
    static func set(_ path: DocumentPath, to value: AttributeValue, in item: inout AttributeMap) throws(ServiceError) {
        guard !path.isTopLevel else {
            item[path.root] = value
            return
        }
        try edit(path, in: &item) { (container, step) throws(ServiceError) in
            switch (container, step) {
            case (.map(var map), .attribute(let name)):
                map[name] = value
                container = .map(map)
            case (.list(var list), .index(let index)):
                if index < list.count { list[index] = value } else { list.append(value) }
                container = .list(list)
            default: throw Update.invalidPath
            }
        }
    }

    /// Removes a value if it is there.
    ///
    /// - Throws: as `set`; only the last step may lead nowhere.
    static func remove(_ path: DocumentPath, from item: inout AttributeMap) throws(ServiceError) {
        guard !path.isTopLevel else {
            item[path.root] = nil
            return
        }
        try edit(path, in: &item) { (container, step) throws(ServiceError) in
            switch (container, step) {
            case (.map(var map), .attribute(let name)):
                map[name] = nil
                container = .map(map)
            case (.list(var list), .index(let index)):
                if index < list.count { list.remove(at: index) }
                container = .list(list)
            default: throw Update.invalidPath
            }
        }
    }

    private typealias Edit = (inout AttributeValue, DocumentPath.Step) throws(ServiceError) -> Void

    private static func edit(
        _ path: DocumentPath, in item: inout AttributeMap, _ edit: Edit
    ) throws(ServiceError) {
        guard var value = item[path.root] else { throw Update.invalidPath }
        try descend(path.steps[...], into: &value, edit)
        item[path.root] = value
    }

    private static func descend(
        _ steps: ArraySlice<DocumentPath.Step>, into value: inout AttributeValue, _ edit: Edit
    ) throws(ServiceError) {
        guard let step = steps.first else { return }
        guard steps.count > 1 else { return try edit(&value, step) }
        switch (value, step) {
        case (.map(var map), .attribute(let name)):
            guard var child = map[name] else { throw Update.invalidPath }
            try descend(steps.dropFirst(), into: &child, edit)
            map[name] = child
            value = .map(map)
        case (.list(var list), .index(let index)):
            guard index < list.count else { throw Update.invalidPath }
            try descend(steps.dropFirst(), into: &list[index], edit)
            value = .list(list)
        default: throw Update.invalidPath
        }
    }
}
