import JSON

@testable import AWSWire

/// What two answers must share to mean the same to every client.
enum Comparison {
    /// Header fields that say nothing: the case's own request id, a request's field, the type of no body.
    static func skips(_ field: String, _ actual: WireResponse) -> Bool {
        switch field.lowercased() {
        case "x-amzn-requestid", "x-amz-target", "content-length": true
        case "content-type": actual.body.isEmpty
        default: false
        }
    }

    static func equal(_ actual: String, _ expected: String, _ field: String) -> Bool {
        if actual == expected { return true }
        switch field.lowercased() {
        case "x-amzn-errortype": return shortName(actual) == shortName(expected)
        case "content-type": return actual.prefix { $0 != ";" } == expected.prefix { $0 != ";" }
        default: return false
        }
    }

    /// REST-JSON's error names stand in a header field; some cases have them in the body.
    static func withoutErrorName(_ value: PlainValue) -> PlainValue {
        guard case .object(let members) = value else { return value }
        return .object(members.filter { $0.key != "__type" && $0.key != "code" })
    }

    static func value(_ text: [UInt8]) -> PlainValue? { (try? JSONDocument(text)).map { plain($0.root) } }

    /// Without what names or explains an error: clients take the name from several places.
    static func plain(_ json: JSONValue) -> PlainValue {
        guard case .object(var members) = PlainValue(json) else { return PlainValue(json) }
        if let type = members["__type"], case .text(let name) = type { members["__type"] = .text(shortName(name)) }
        for name in ["message", "Message"] where members[name] == .text("") { members[name] = nil }
        return .object(members)
    }

    static func shortName(_ name: String) -> String {
        String((name.split(separator: "#").last ?? "").prefix { $0 != ":" })
    }
}

/// An element to compare: white space between elements, order of differently named ones and declarations do not matter.
struct PlainXML: Equatable, CustomStringConvertible {
    let name: String
    let attributes: [String: String]
    let children: [PlainXML]
    let text: String

    init(_ element: XMLElement) {
        name = element.name
        var attributes: [String: String] = [:]
        for attribute in element.attributes where !attribute.name.hasPrefix("xmlns") {
            attributes[attribute.name] = attribute.value
        }
        self.attributes = attributes
        children = element.children.filter { !PlainXML.isServersOwn($0) }.map(PlainXML.init).enumerated()
            .sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }.map(\.element)
        text = element.children.isEmpty ? element.text : ""
    }

    var description: String { "<\(name) \(attributes)>\(text)\(children.map(\.description).joined())</>" }

    /// Parts that the cases have or have not as they please.
    private static func isServersOwn(_ element: XMLElement) -> Bool {
        ["ResponseMetadata", "RequestId", "RequestID", "requestId"].contains(element.name)
            || (element.name == "Message" && element.text.isEmpty)
    }
}
