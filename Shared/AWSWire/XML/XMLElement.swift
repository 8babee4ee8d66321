/// An element of a parsed document; prefixes are dropped from element names and kept in attributes'.
struct XMLElement: Sendable, Equatable {
    struct Attribute: Sendable, Equatable {
        let name: String
        let value: String
    }

    var name: String
    var attributes: [Attribute] = []
    var children: [XMLElement] = []
    /// The character data directly inside, joined.
    var text = ""

    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }
    func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
    func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
}
