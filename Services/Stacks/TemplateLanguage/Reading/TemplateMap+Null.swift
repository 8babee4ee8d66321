extension TemplateMap {
    /// Where the first `null` is: `/Resources/Table/Properties`.
    var pathOfNull: String? { TemplateValue.map(self).pathOfNull }
}

extension TemplateValue {
    fileprivate var pathOfNull: String? {
        switch self {
        case .null: return ""
        case .list(let values):
            for (index, value) in values.enumerated() {
                if let path = value.pathOfNull { return "/\(index)" + path }
            }
        case .map(let map):
            for entry in map.entries {
                if let path = entry.value.pathOfNull { return "/" + entry.name + path }
            }
        case .bool, .number, .string, .unknown: break
        }
        return nil
    }
}
