import ServiceKit

/// A role in the form that machines take it; kept because tools create them with their roles.
struct InstanceProfile: Sendable {
    let account: String
    let name: String
    let path: String
    let uniqueID: String
    let created: Timestamp
    var role: String?
    let tags: [Tag]

    var arn: String { "arn:aws:iam::\(account):instance-profile\(path)\(name)" }
}

struct InstanceProfileOutput: OutputShape {
    let profile: InstanceProfile
    let role: Identity?

    func write(to json: inout JSONWriter) {
        json.member("Path", profile.path)
        json.member("InstanceProfileName", profile.name)
        json.member("InstanceProfileId", profile.uniqueID)
        json.member("Arn", profile.arn)
        json.member("CreateDate", profile.created)
        json.member("Roles", role.map { [IdentityOutput(identity: $0, isDetailed: false)] } ?? [])
        if !profile.tags.isEmpty { json.member("Tags", profile.tags) }
    }
}
