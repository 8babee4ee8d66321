extension FunctionEvaluator {
    /// A value of `Mappings`, or what the fourth argument says in its place.
    mutating func mapping(_ parts: [TemplateValue]) throws(TemplateError) -> TemplateValue? {
        var names: [String] = []
        for part in parts.prefix(3) {
            guard let name = try text(part, or: .findInMap).string else { return .unknown }
            names.append(name)
        }
        let mapping = scope.mappings[names[0]]?.map
        if let value = mapping?[names[1]]?.map?[names[2]] { return value }
        if parts.count == 4, let fallback = parts[3].map?["DefaultValue"] { return try evaluate(fallback) }
        guard mapping != nil else {
            throw .function("Mapping named '\(names[0])' is not present in the 'Mappings' section of template.")
        }
        throw .function("Unable to get mapping for \(names.joined(separator: "::"))")
    }
}
