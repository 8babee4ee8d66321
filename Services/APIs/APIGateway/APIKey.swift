import ServiceKit

/// A secret by which clients are told apart and counted; it authorizes nothing by itself.
struct APIKey: Sendable {
    let id: String
    let region: String
    let account: String
    let value: String
    var members: StoredMembers
    let created: Timestamp
    var updated: Timestamp

    static let memberNames = ["name", "description", "enabled", "customerId", "tags"]

    var name: String? { try? members.read("name") }
    var isEnabled: Bool { (try? members.read("enabled")) == true }

    static func arn(_ id: String = "", in call: Call) -> ARN {
        RestAPI.arn(id.isEmpty ? "/apikeys" : "/apikeys/\(id)", in: call)
    }

    /// Applies one patch operation.
    mutating func apply(_ patch: PatchOperation) throws {
        switch patch.path {
        case "/name", "/description", "/customerId": members.set(String(patch.path.dropFirst()), patch.value ?? "")
        case "/enabled": members.set("enabled", patch.value == "true")
        default: throw ServiceError.badRequest("Invalid patch path '\(patch.path)'")
        }
    }
}

/// A key as it is answered: with its value only where it was asked for.
struct APIKeyOutput: OutputShape {
    let key: APIKey
    let showsValue: Bool

    func write(to json: inout JSONWriter) {
        json.member("id", key.id)
        if showsValue { json.member("value", key.value) }
        json.member("createdDate", key.created)
        json.member("lastUpdatedDate", key.updated)
        json.member("stageKeys", [String]())
        key.members.write(to: &json)
    }
}
