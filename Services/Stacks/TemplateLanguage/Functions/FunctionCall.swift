/// A function where it stands: an object with one member, named as the function.
struct FunctionCall {
    let name: String
    let argument: TemplateValue

    /// `nil` for any other object. `Condition` is a function only where conditions are: elsewhere it is a property's name.
    init?(_ map: TemplateMap) {
        guard map.count == 1, let entry = map.entries.first else { return nil }
        guard entry.name == "Ref" || entry.name.hasPrefix("Fn::") else { return nil }
        (name, argument) = (entry.name, entry.value)
    }

    /// As it is read among conditions.
    init?(condition map: TemplateMap) {
        if map.count == 1, let entry = map.entries.first, entry.name == "Condition" {
            (name, argument) = (entry.name, entry.value)
        } else if let call = FunctionCall(map) {
            self = call
        } else {
            return nil
        }
    }
}
