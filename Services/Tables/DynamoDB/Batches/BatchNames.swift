import AWSModel
import ServiceKit

/// The names of tables by which a batch's requests go.
enum BatchNames {
    /// - Parameter echo: the requests, as the operation shows them.
    /// - Throws: for a name no table can have.
    static func check(_ tables: [TableReference], echo: @autoclosure () -> String) throws(ServiceError) {
        if tables.allSatisfy({ TableIdentity.isValid($0.name) }) { return }
        let requirements = TableIdentity.requirements.joined(separator: ", ")
        let violation =
            "Value '\(echo())' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: "
            + "[\(requirements)]"
        throw .validation(InputFault.validation([violation]).message)
    }
}

extension JSONWriter {
    /// A value without the spaces it came with.
    static func compact(_ value: JSONValue) -> String {
        var json = JSONWriter()
        json.append(value)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private mutating func append(_ value: JSONValue) {
        switch value.kind {
        case .object:
            object { json in for member in value.members { json.member(member.name) { $0.append(member.value) } } }
        case .array: array { json in for element in value.elements { json.append(element) } }
        default: raw(value.rawBytes)
        }
    }
}
