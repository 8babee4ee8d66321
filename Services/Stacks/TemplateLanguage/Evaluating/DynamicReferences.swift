extension Template {
    /// The dynamic references that texts of a value have, as they stand: `{{resolve:ssm:/name:1}}`.
    ///
    /// [Dynamic references](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html)
    public static func dynamicReferences(in map: TemplateMap) -> [String] {
        var found: [String] = []
        collect(.map(map), &found)
        return found
    }

    private static func collect(_ value: TemplateValue, _ found: inout [String]) {
        switch value {
        case .string(let text): collect(text, &found)
        case .list(let values): for value in values { collect(value, &found) }
        case .map(let map): for entry in map.entries { collect(entry.value, &found) }
        case .null, .bool, .number, .unknown: break
        }
    }

    private static func collect(_ text: String, _ found: inout [String]) {
        var rest = text[...]
        while let start = rest.firstRange(of: "{{resolve:") {
            rest = rest[start.lowerBound...]
            guard let end = rest.firstRange(of: "}}") else { return }
            found.append(String(rest[..<end.upperBound]))
            rest = rest[end.upperBound...]
        }
    }
}
