import Bytes
import JSON

@testable import AWSWire

/// A value to compare: member order, number spelling and absent nulls do not matter.
indirect enum PlainValue: Equatable, CustomStringConvertible {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([PlainValue])
    case object([String: PlainValue])

    var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): "\"\(value)\""
        case .list(let values): "\(values)"
        case .object(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
        }
    }

    init(_ json: JSONValue) {
        switch json.kind {
        case .null: self = .null
        case .bool: self = .bool(json.bool ?? false)
        case .number: self = .number(json.double ?? .nan)
        case .string: self = .text(json.string ?? "")
        case .array: self = .list(json.elements.map(PlainValue.init))
        case .object:
            var members: [String: PlainValue] = [:]
            for member in json.members where !member.value.isNull { members[member.name] = PlainValue(member.value) }
            self = .object(members)
        }
    }
}

/// Botocore's cases write blobs as text and times as seconds: this turns them into bus values by shape.
struct BusValue {
    let model: ServiceModel

    func write(_ value: JSONValue, _ id: ShapeID, to json: inout JSONWriter) {
        let shape = model[id]
        switch (shape.kind, value.kind) {
        case (.structure, .object) where !shape.traits.isDocument:
            json.object { json in
                for entry in value.members {
                    guard let member = shape.member(named: entry.name) else { continue }
                    json.name(entry.name)
                    if member.traits.isJSONText, entry.value.kind != .string {
                        json.string(String(decoding: entry.value.rawBytes, as: UTF8.self))
                    } else {
                        write(entry.value, member.target, to: &json)
                    }
                }
            }
        case (.list, .array):
            json.array { json in
                for element in value.elements { if let item = shape.element { write(element, item.target, to: &json) } }
            }
        case (.map, .object):
            json.object { json in
                for entry in value.members {
                    json.name(entry.name)
                    if let content = shape.value { write(entry.value, content.target, to: &json) }
                }
            }
        case (.blob, .string): json.string(Base64.string(Array((value.string ?? "").utf8)))
        default: json.value(value)
        }
    }

    func bytes(_ value: JSONValue, _ id: ShapeID) -> [UInt8] {
        var json = JSONWriter()
        write(value, id, to: &json)
        return json.bytes
    }
}
