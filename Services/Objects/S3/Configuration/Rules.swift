import ServiceKit

/// The lists of rules that configurations are.
enum Rules {
    /// A configuration as it is kept: rules without an identifier are given one.
    ///
    /// - Parameter addition: a member that came beside it.
    static func identified(
        _ configuration: JSONValue, adding addition: (name: String, value: String)? = nil
    ) throws -> JSONValue {
        var json = JSONWriter()
        json.object { json in
            if let addition { json.member(addition.name, addition.value) }
            for member in configuration.members {
                guard member.name == "Rules" else {
                    json.member(member.name, member.value)
                    continue
                }
                json.member("Rules") { json in
                    json.array { json in
                        for rule in member.value.elements { json.object { write(rule, to: &$0) } }
                    }
                }
            }
        }
        return try JSONDocument(json.bytes).root
    }

    private static func write(_ rule: JSONValue, to json: inout JSONWriter) {
        if rule["ID"]?.string?.isEmpty ?? true { json.member("ID", Identifier.uuid()) }
        for member in rule.members where member.name != "ID" || member.value.string?.isEmpty == false {
            json.member(member.name, member.value)
        }
    }
}
