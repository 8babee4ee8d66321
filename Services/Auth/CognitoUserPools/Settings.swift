import ServiceKit

/// Members of a pool or client that are kept and answered as they were given, each as its JSON text.
struct Settings: Sendable, Equatable {
    private(set) var members: [String: [UInt8]] = [:]

    init() {}

    /// Takes the named members of an input.
    init(_ member: Members, names: [String]) throws {
        for name in names {
            let value: JSONValue? = try member(name)
            if let value { members[name] = Array(value.rawBytes) }
        }
    }

    /// Reads what `encoded` wrote.
    init(encoded: [UInt8]) throws {
        for member in try JSONDocument(encoded).root.members { members[member.name] = Array(member.value.rawBytes) }
    }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object(write)
        return json.bytes
    }

    func write(to json: inout JSONWriter) {
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { json.member(name) { $0.raw(value) } }
    }

    func read<Value: MemberValue>(_ name: String) throws -> Value? {
        try members[name].map { try Value(json: JSONDocument($0).root) }
    }

    mutating func set(_ name: String, _ value: some JSONWritable) {
        var json = JSONWriter()
        json.value(value)
        members[name] = json.bytes
    }

    mutating func setDefault(_ name: String, _ value: some JSONWritable) {
        if members[name] == nil { set(name, value) }
    }
}
