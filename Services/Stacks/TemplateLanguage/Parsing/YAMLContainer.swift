/// A sequence or mapping that is being read.
struct YAMLContainer {
    let isMapping: Bool
    /// The function its tag stands for.
    let function: String?
    let anchor: String?
    private(set) var cost = YAMLCost.one
    private var elements: [TemplateValue] = []
    private var members = TemplateMap()
    /// What `<<` brought; members of the mapping's own go before.
    private var merged: [TemplateMap] = []
    private var key: String?

    init(isMapping: Bool, function: String?, anchor: String?) {
        (self.isMapping, self.function, self.anchor) = (isMapping, function, anchor)
    }

    /// The levels it is: a function is one of its own.
    var levels: Int { function == nil ? 1 : 2 }

    /// Whether the next node is the name of a member.
    var expectsKey: Bool { isMapping && key == nil }

    /// Where the next node stands: the name of a member, or the number of an element.
    var place: String { isMapping ? key ?? "" : String(elements.count) }

    mutating func take(key: String) {
        self.key = key
        cost.bytes += key.utf8.count
    }

    /// - Returns: whether the value fits where it stands.
    mutating func take(_ value: TemplateValue, _ inner: YAMLCost) -> Bool {
        cost.add(inner)
        guard isMapping else {
            elements.append(value)
            return true
        }
        guard let key else { return false }
        self.key = nil
        if key == "<<" { return merge(value) }
        members[key] = value
        return true
    }

    private mutating func merge(_ value: TemplateValue) -> Bool {
        switch value {
        case .map(let map): merged.append(map)
        case .list(let values):
            for value in values {
                guard case .map(let map) = value else { return false }
                merged.append(map)
            }
        case .null, .bool, .number, .string, .unknown: return false
        }
        return true
    }

    var value: TemplateValue {
        guard isMapping else { return .list(elements) }
        var all = members
        for map in merged {
            for entry in map.entries where all[entry.name] == nil { all[entry.name] = entry.value }
        }
        return .map(all)
    }
}
