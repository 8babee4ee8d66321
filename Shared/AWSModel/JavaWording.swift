import Bytes
import JSON

/// How services whose reader names the Java classes of its inputs refuse values of a wrong kind: DynamoDB's.
public struct JavaWording: Sendable {
    /// Where in its container a value of a wrong kind stands.
    enum Place {
        /// A member of a structure.
        case member
        /// An element of a list or a value of a map.
        case content
    }

    /// Of the classes of the service's structures: `com.amazonaws.dynamodb.v20120810`.
    private let package: String
    /// Booleans that may be words.
    private let wordyShapes: Set<String>
    /// The values of shapes that are listed in another order than the model's: that of the service's hash sets.
    private let orders: [String: [String]]
    /// What is said of empty collections by their shape, and of missing members by `Shape.Member`, in place of what the
    /// model's constraints have to say.
    private let refusals: [String: String]
    /// For the operations that tell of constraints in newer words.
    let terse: TerseWording?

    /// What becomes of a structure's or scalar's class where it is asked for as if a generic one was its class, too.
    private static let castFault =
        "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
        + "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
        + "loader 'bootstrap')"

    /// - Parameters:
    ///   - wordyShapes: booleans of which the operations take `"yes"`, `"1"` and the like, too.
    ///   - orders: in which the values of an enumeration are told, by its shape.
    ///   - refusals: of empty collections by their shape, and of missing members by `Shape.Member`.
    public init(
        package: String, wordyShapes: Set<String> = [], orders: [String: [String]] = [:],
        refusals: [String: String] = [:], terse: TerseWording? = nil
    ) {
        self.package = package
        self.wordyShapes = wordyShapes
        self.orders = orders
        self.refusals = refusals
        self.terse = terse
    }

    func refusal(of value: JSONValue, as shape: Shape) -> String? {
        var members = value.members.makeIterator()
        guard value.kind == .object, members.next() == nil else { return nil }
        return refusals[shape.name]
    }

    func refusal(ofMissing member: Member, in shape: Shape) -> String? { refusals["\(shape.name).\(member.name)"] }

    /// The shape's values in the order in which the service tells them; the model's for `nil`.
    func values(of shape: Shape) -> [String]? { orders[shape.name] }

    /// Whether the value is left to the operation, which knows better.
    func admits(_ value: JSONValue, as shape: Shape) -> Bool {
        guard let word = value.string, shape.kind == .boolean, wordyShapes.contains(shape.name) else { return false }
        return Self.bool(word) != nil
    }

    /// What a word for a boolean says; `nil` for other words.
    public static func bool(_ word: String) -> Bool? {
        switch word.lowercased() {
        case "true", "1", "yes": true
        case "false", "0", "no": false
        default: nil
        }
    }

    /// The length alone does not tell that a text is base64.
    func checkBlob(_ value: JSONValue) throws(InputFault) {
        guard value.withStringBytes({ Base64.decode($0) != nil }) ?? true else {
            throw .serialization("Invalid last non-pad Base64 character dectected")
        }
    }

    func mismatch(_ value: JSONValue, _ shape: Shape, at place: Place, in model: ServiceModel) -> InputFault {
        switch value.kind {
        case .array: return .serialization("Unrecognized collection type \(typeName(of: shape, in: model))")
        case .object: return .serialization("Start of structure or map found where not expected")
        case .null, .bool, .number, .string: break
        }
        switch (shape.kind, place) {
        case (.structure, .content): return .serialization("Unexpected value type in payload")
        case (.list, .content), (.map, .content): return .serialization(Self.castFault)
        case (.structure, .member), (.list, .member), (.map, .member): return .serialization("Unexpected field type")
        case (.blob, _) where value.kind != .string:
            return .serialization("only base-64-encoded strings are convertible to bytes")
        case (.boolean, _) where value.kind == .string:
            return .serialization("Unexpected token received from parser")
        default: return ScalarKind.mismatch(value, shape)
        }
    }

    /// As Java writes a type: a class by that word and its name, a generic type by its name alone.
    private func typeName(of shape: Shape, in model: ServiceModel) -> String {
        let name = argumentName(of: shape, in: model)
        return shape.kind == .map || shape.kind == .list ? name : "class \(name)"
    }

    private func argumentName(of shape: Shape, in model: ServiceModel) -> String {
        switch shape.kind {
        case .structure: return "\(package).\(shape.name)"
        case .list:
            return "java.util.List<\(shape.element.map { argumentName(of: model[$0.target], in: model) } ?? "?")>"
        case .map:
            let value = shape.value.map { argumentName(of: model[$0.target], in: model) } ?? "?"
            return "java.util.Map<java.lang.String, \(value)>"
        case .blob: return "java.nio.ByteBuffer"
        case .timestamp: return "java.util.Date"
        case .biginteger, .bigdecimal: return "java.math.\(ScalarKind.typeName(of: shape))"
        default: return "java.lang.\(ScalarKind.typeName(of: shape))"
        }
    }
}
