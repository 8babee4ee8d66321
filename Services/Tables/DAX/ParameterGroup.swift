import DynamoDB
import ServiceKit

/// A named set of the parameters there are: how long items and the answers to queries are kept.
struct ParameterGroup: NamedResource {
    static let kind = "parameter-group"
    static let limit = 20
    static let `default` = ParameterGroup(name: "default.dax1.0", description: "Default parameter group for DAX")

    let name: String
    let description: String?
    /// Milliseconds; 0: until something else needs the room.
    private(set) var values: [Parameter: Int64] = [:]

    init(name: String, description: String?) {
        self.name = name
        self.description = description
    }

    subscript(parameter: Parameter) -> Int64 { values[parameter] ?? Parameter.defaultMilliseconds }

    /// - Throws: `InvalidParameterValueException` for a parameter there is not, and for what is no time.
    mutating func set(_ name: String, to value: String) throws(ServiceError) {
        guard let parameter = Parameter(rawValue: name) else {
            throw .invalidParameterValue("Invalid parameter name: \(name)")
        }
        guard !value.isEmpty, value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let milliseconds = Int64(value), milliseconds <= Parameter.longest
        else { throw .invalidParameterValue("Invalid value for parameter \(name): \(value)") }
        values[parameter] = milliseconds
    }

    /// What the cache does with it.
    var times: CacheTimes {
        CacheTimes(items: Self.duration(self[.recordTime]), pages: Self.duration(self[.queryTime]))
    }

    private static func duration(_ milliseconds: Int64) -> Duration? {
        milliseconds == 0 ? nil : .milliseconds(milliseconds)
    }
}

/// The parameters there are.
enum Parameter: String, Sendable, CaseIterable {
    case queryTime = "query-ttl-millis"
    case recordTime = "record-ttl-millis"

    static let defaultMilliseconds: Int64 = 300_000
    /// A hundred years.
    fileprivate static let longest: Int64 = 36500 * 86_400_000

    fileprivate var text: String {
        switch self {
        case .queryTime: "Duration in milliseconds for queries to remain cached"
        case .recordTime: "Duration in milliseconds for records to remain valid in cache (Default: 0 = infinite)"
        }
    }
}

/// A parameter with its value, as operations answer it.
struct ParameterDescription: Sendable, OutputShape {
    /// As AWS says of both parameters.
    static let source = "user"

    let parameter: Parameter
    let value: Int64

    /// All of a group, in the order of their names.
    static func all(of group: ParameterGroup) -> [ParameterDescription] {
        Parameter.allCases.map { ParameterDescription(parameter: $0, value: group[$0]) }
    }

    func write(to json: inout JSONWriter) {
        json.member("ParameterName", parameter.rawValue)
        json.member("ParameterType", "DEFAULT")
        json.member("ParameterValue", "\(value)")
        json.member("NodeTypeSpecificValues", [String]())
        json.member("Description", parameter.text)
        json.member("Source", Self.source)
        json.member("DataType", "integer")
        json.member("AllowedValues", "0-")
        json.member("IsModifiable", "TRUE")
        json.member("ChangeType", "IMMEDIATE")
    }
}

/// The form a group has in the storage.
extension ParameterGroup {
    init(_ member: Members) throws {
        name = try member("name")
        description = try member("description")
        let stored: [String: Int] = try member("values")
        for (name, value) in stored {
            if let parameter = Parameter(rawValue: name) { values[parameter] = Int64(value) }
        }
    }

    func write(to json: inout JSONWriter) {
        json.member("name", name)
        json.member("description", description)
        json.member("values", Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, Int($0.value)) }))
    }
}

/// What operations answer of a group.
struct ParameterGroupDescription: Sendable, OutputShape {
    let group: ParameterGroup

    func write(to json: inout JSONWriter) {
        json.member("ParameterGroupName", group.name)
        json.member("Description", group.description)
    }
}

struct ParameterGroupOutput: OutputShape {
    let group: ParameterGroup

    func write(to json: inout JSONWriter) { json.member("ParameterGroup", ParameterGroupDescription(group: group)) }
}
