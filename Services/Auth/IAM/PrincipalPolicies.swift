import ServiceKit

/// What a user or role may do: its policies, those of its groups, and what bounds them.
struct PrincipalPolicies: OutputShape {
    /// A policy as it is attached, directly or through a group.
    struct Document: OutputShape {
        /// The ARN of a managed policy, the name of an inline one.
        let name: String
        let text: String

        func write(to json: inout JSONWriter) {
            json.member("Name", name)
            json.member("Document", text)
        }
    }

    let policies: [Document]
    let boundary: Document?

    func write(to json: inout JSONWriter) {
        json.member("Policies", policies)
        json.member("Boundary", boundary)
    }
}
