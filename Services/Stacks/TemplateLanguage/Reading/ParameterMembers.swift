/// What a parameter's declaration says.
struct ParameterMembers {
    private let members: TemplateMap
    private let parameter: String

    init(_ members: TemplateMap, _ parameter: String) { (self.members, self.parameter) = (members, parameter) }

    func text(_ name: String) throws(TemplateError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.text else { throw .format("Every \(name) member must be a string.") }
        guard name != "Description" || text.utf8.count <= 4000 else {
            throw .format("Parameter \(parameter) description length must be less than or equal to 4000.")
        }
        return text
    }

    func texts(_ name: String) throws(TemplateError) -> [String] {
        guard let value = members[name] else { return [] }
        guard let values = value.list else { throw .format("Every \(name) member must be a list.") }
        var texts: [String] = []
        for value in values {
            guard let text = value.text else { throw .format("Every \(name) value must be a string.") }
            texts.append(text)
        }
        return texts
    }

    func flag(_ name: String) throws(TemplateError) -> Bool {
        guard let value = members[name] else { return false }
        guard let flag = value.boolean else { throw .format("Every \(name) member must be a boolean.") }
        return flag
    }

    func integer(_ name: String) throws(TemplateError) -> Int? {
        guard let value = members[name] else { return nil }
        guard let integer = value.integer, integer >= 0 else {
            throw .format("Every \(name) member must be a number.")
        }
        return integer
    }

    func number(_ name: String) throws(TemplateError) -> Double? {
        guard let value = members[name] else { return nil }
        guard let number = value.double else { throw .format("Every \(name) member must be a number.") }
        return number
    }
}
