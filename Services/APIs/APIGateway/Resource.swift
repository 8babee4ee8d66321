import ServiceKit

/// A path of an API and the methods it answers.
struct Resource: Sendable {
    let apiID: String
    let id: String
    /// `nil` for the root.
    let parentID: String?
    let pathPart: String
    /// From the root: `/todos/{id}`.
    let path: String
    /// By HTTP method; `ANY` stands for those not listed.
    var methods: [String: Method]

    static func makeID() -> String { Identifier.lowercase(6) }

    /// - Throws: `BadRequestException` for a part that is neither a name, `{name}` nor `{name+}`.
    static func check(_ part: String) throws {
        var inside = Substring(part)
        if part.hasPrefix("{"), part.hasSuffix("}") {
            inside = inside.dropFirst().dropLast()
            if inside.hasSuffix("+") { inside = inside.dropLast() }
        }
        let isValid =
            !inside.isEmpty
            && inside.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                    UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
        guard isValid else {
            throw ServiceError.badRequest(
                "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces "
                    + "at the beginning and the end.")
        }
    }

    func write(to json: inout JSONWriter, withMethods: Bool) {
        json.member("id", id)
        json.member("parentId", parentID)
        if parentID != nil { json.member("pathPart", pathPart) }
        json.member("path", path)
        guard !methods.isEmpty else { return }
        if withMethods {
            json.member("resourceMethods", methods)
        } else {
            json.member("resourceMethods", methods.mapValues { _ in NoOutput() })
        }
    }
}
