extension Template {
    /// The template with its loops written out for the values parameters have.
    func expanded(for values: [String: String], _ pseudo: PseudoParameters) throws(TemplateError) -> Template {
        guard hasLanguageExtensions else { return self }
        return try Template(source: source, values: values, pseudo)
    }
}
