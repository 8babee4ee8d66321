/// The macros a template names.
enum TransformNames {
    /// Those of `Transform`, then those of `Fn::Transform` wherever it stands.
    static func all(in sections: TemplateMap) -> [String] {
        var names = declared(in: sections["Transform"])
        collect(.map(sections), &names)
        return names
    }

    static func check(_ sections: TemplateMap) throws(TemplateError) {
        guard let value = sections["Transform"] else { return }
        for value in value.list ?? [value] where name(of: value) == nil {
            throw TemplateError("Key Name of transform definition must be a string.")
        }
    }

    private static func declared(in value: TemplateValue?) -> [String] {
        guard let value else { return [] }
        return (value.list ?? [value]).compactMap(name)
    }

    private static func name(of value: TemplateValue) -> String? { value.string ?? value.map?["Name"]?.string }

    private static func collect(_ value: TemplateValue, _ names: inout [String]) {
        switch value {
        case .list(let values): for value in values { collect(value, &names) }
        case .map(let map):
            for entry in map.entries {
                if entry.name == "Fn::Transform" {
                    names += declared(in: entry.value).filter { !names.contains($0) }
                } else {
                    collect(entry.value, &names)
                }
            }
        case .null, .bool, .number, .string, .unknown: break
        }
    }
}
