extension TemplateReader {
    /// Two levels of names, then strings or lists.
    func mappings() throws(TemplateError) -> TemplateMap {
        let all = try members("Mappings")
        try Self.check(all.count, of: "mappings", atMost: 200)
        for mapping in all.entries where mapping.name != "Fn::Transform" {
            guard Self.isAlphanumeric(mapping.name) else {
                throw .format("Mappings name '\(mapping.name)' is non alphanumeric.")
            }
            guard let keys = mapping.value.map else {
                throw .format("Every Mappings member \(mapping.name) must be a map")
            }
            try Self.check(keys.count, of: "attributes in mapping \(mapping.name)", atMost: 200)
            for key in keys.entries where key.name != "Fn::Transform" { try check(key, of: mapping.name) }
        }
        return all
    }

    private func check(_ key: TemplateMap.Entry, of mapping: String) throws(TemplateError) {
        guard let attributes = key.value.map else {
            throw .format("Every Mappings member \(mapping) must be a map")
        }
        for attribute in attributes.entries where attribute.name != "Fn::Transform" {
            guard isAttributeName(attribute.name) else {
                throw .format("Mappings attribute name '\(attribute.name)' must contain only alphanumeric characters.")
            }
            switch attribute.value {
            case .string, .number, .bool: break
            case .list(let values) where values.allSatisfy { $0.text != nil }: break
            case .null, .list, .map, .unknown: throw .format("Every Mappings attribute must be a String or a List.")
            }
        }
    }

    /// Names of attributes may have `-` and `.` beside letters and digits; those that functions make, anything.
    private func isAttributeName(_ name: String) -> Bool {
        transforms.contains(Template.languageExtensions)
            || Self.isAlphanumeric(name.filter { $0 != "-" && $0 != "." })
    }
}
