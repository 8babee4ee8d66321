import ServiceKit
import TemplateLanguage

extension TemplateValue {
    /// As one text of JSON, as policies and their like are sent; a string is such a text already.
    var document: String { text ?? jsonText }
}

extension TemplateMap {
    func flag(_ name: String) -> Bool? { text(name).map { $0.lowercased() == "true" } }
    func int(_ name: String) -> Int64? { text(name).flatMap(TemplateValue.integer) }
    func texts(_ name: String) -> [String] { self[name]?.list?.compactMap(\.text) ?? [] }
    func maps(_ name: String) -> [TemplateMap] { self[name]?.list?.compactMap(\.map) ?? [] }

    /// The entries under some names, where they are there.
    func only(_ names: String...) -> TemplateMap { TemplateMap(entries.filter { names.contains($0.name) }) }

    /// All but the entries under some names.
    func without(_ names: String...) -> TemplateMap { TemplateMap(entries.filter { !names.contains($0.name) }) }

    /// The entries under other names.
    func renamed(_ names: [String: String]) -> TemplateMap {
        TemplateMap(entries.map { .init(names[$0.name] ?? $0.name, $0.value) })
    }
}

extension JSONWriter {
    /// Members for the properties of these names that are there.
    mutating func members(_ properties: TemplateMap, _ names: String...) {
        for name in names { member(name, properties[name]) }
    }
}
