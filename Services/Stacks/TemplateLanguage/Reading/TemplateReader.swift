/// Reads the sections of a template, in CloudFormation's words where they are not as they have to be.
struct TemplateReader {
    static let names: Set<String> = [
        "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions",
        "Transform", "Resources", "Outputs", "Hooks",
    ]

    let sections: TemplateMap
    let transforms: [String]
    private let loopsAreComplete: Bool

    init(_ sections: TemplateMap) {
        self.sections = sections
        transforms = TransformNames.all(in: sections)
        loopsAreComplete = true
    }

    private init(_ sections: TemplateMap, transforms: [String], loopsAreComplete: Bool) {
        (self.sections, self.transforms, self.loopsAreComplete) = (sections, transforms, loopsAreComplete)
    }

    /// Whether the sections are all there is: no macro is still to run.
    var isComplete: Bool { loopsAreComplete && transforms.allSatisfy { $0 == Template.languageExtensions } }

    func checkSections() throws(TemplateError) {
        if let path = sections.pathOfNull {
            throw TemplateError("[\(path)] 'null' values are not allowed in templates")
        }
        try TransformNames.check(sections)
        if isComplete {
            let unknown = sections.names.filter { !Self.names.contains($0) }
            guard unknown.isEmpty else {
                throw TemplateError("Invalid template property or properties [\(unknown.joined(separator: ", "))]")
            }
        }
        if let version = sections["AWSTemplateFormatVersion"], version.text != "2010-09-09" {
            guard let text = version.text else { throw .format("Every AWSTemplateFormatVersion must be a string.") }
            throw .format("\(text) is not a supported value for AWSTemplateFormatVersion.")
        }
    }

    /// The sections with their loops written out, as far as values of parameters are known.
    func expanded(
        for parameters: [TemplateParameter], _ values: [String: String], _ pseudo: PseudoParameters?
    ) throws(TemplateError) -> TemplateReader {
        guard transforms.contains(Template.languageExtensions) else { return self }
        var known: [String: String] = [:]
        for parameter in parameters { known[parameter.name] = values[parameter.name] ?? parameter.defaultValue }
        let scope = FunctionScope(parameters, known, mappings: try mappings(), extensions: true, pseudo)
        var loops = LoopExpansion(in: scope)
        let expanded = try loops.expand(sections)
        return TemplateReader(expanded, transforms: transforms, loopsAreComplete: loops.isComplete)
    }

    func description() throws(TemplateError) -> String? {
        guard let value = sections["Description"] else { return nil }
        guard let text = value.string else { throw .format("Template description must be a string.") }
        guard text.utf8.count <= 1024 else {
            throw .format("Template description length must be less than or equal to 1024.")
        }
        return text
    }

    /// The members of a section, none of one that is not there.
    func members(_ section: String) throws(TemplateError) -> TemplateMap {
        guard let value = sections[section] else { return TemplateMap() }
        guard let members = value.map else { throw .format("\(section) section must be an object.") }
        return members
    }

    static func isAlphanumeric(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }

    static func check(_ number: Int, of things: String, atMost maximum: Int) throws(TemplateError) {
        guard number <= maximum else {
            throw .format("Number of \(things), \(number), is greater than maximum allowed, \(maximum)")
        }
    }
}
