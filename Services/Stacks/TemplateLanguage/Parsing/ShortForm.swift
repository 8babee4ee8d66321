/// YAML's tags for functions: `!GetAtt A.B` for `{"Fn::GetAtt": ["A", "B"]}`.
enum ShortForm {
    /// The name of the function a tag stands for; `nil` for tags of YAML's own.
    static func function(of tag: String) -> String? {
        guard tag.hasPrefix("!"), tag.count > 1 else { return nil }
        let name = String(tag.dropFirst())
        return name == "Ref" || name == "Condition" ? name : "Fn::" + name
    }

    static func value(of function: String, _ argument: TemplateValue) -> TemplateValue {
        .map(TemplateMap([TemplateMap.Entry(function, self.argument(argument, of: function))]))
    }

    private static func argument(_ argument: TemplateValue, of function: String) -> TemplateValue {
        guard function == "Fn::GetAtt", case .string(let text) = argument, let dot = text.firstIndex(of: ".") else {
            return argument
        }
        return .list([.string(String(text[..<dot])), .string(String(text[text.index(after: dot)...]))])
    }
}
