/// Members of an input that a service keeps and answers as they were given, each as its JSON text.
public struct StoredMembers: OutputShape, Equatable {
    public private(set) var members: [String: [UInt8]] = [:]

    public init() {}

    /// Takes the named members of an input.
    public init(_ member: Members, names: [String]) throws {
        for name in names {
            let value: JSONValue? = try member(name)
            if let value { members[name] = Array(value.rawBytes) }
        }
    }

    /// Reads what `encoded` wrote.
    public init(encoded: [UInt8]) throws {
        for member in try JSONDocument(encoded).root.members { members[member.name] = Array(member.value.rawBytes) }
    }

    public var encoded: [UInt8] {
        var json = JSONWriter()
        json.object(write)
        return json.bytes
    }

    public func write(to json: inout JSONWriter) {
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { json.member(name) { $0.raw(value) } }
    }

    public func read<Value: MemberValue>(_ name: String) throws -> Value? {
        try members[name].map { try Value(json: JSONDocument($0).root) }
    }

    public mutating func set(_ name: String, _ value: some JSONWritable) {
        var json = JSONWriter()
        json.value(value)
        members[name] = json.bytes
    }

    public mutating func setDefault(_ name: String, _ value: some JSONWritable) {
        if members[name] == nil { set(name, value) }
    }
}
