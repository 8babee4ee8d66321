import ServiceKit
import TemplateLanguage

/// What a template can do that its author has to acknowledge.
///
/// [Acknowledging IAM resources](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html)
struct Capabilities: Sendable {
    static let plain = "CAPABILITY_IAM"
    static let named = "CAPABILITY_NAMED_IAM"
    static let expansion = "CAPABILITY_AUTO_EXPAND"

    /// Types of identities, and the property that gives each its name.
    private static let identities: [String: String?] = [
        "AWS::IAM::AccessKey": nil, "AWS::IAM::Group": "GroupName", "AWS::IAM::GroupPolicy": nil,
        "AWS::IAM::InstanceProfile": "InstanceProfileName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
        "AWS::IAM::Policy": nil, "AWS::IAM::Role": "RoleName", "AWS::IAM::RolePolicy": nil,
        "AWS::IAM::User": "UserName", "AWS::IAM::UserPolicy": nil, "AWS::IAM::UserToGroupAddition": nil,
    ]

    /// The types of the resources that ask for it.
    let identityTypes: [String]
    /// `CAPABILITY_IAM` or `CAPABILITY_NAMED_IAM`; `nil` where none is needed.
    let forIdentities: String?
    let hasTransforms: Bool

    init(_ template: Template) {
        let resources = template.resources.filter { Self.identities.keys.contains($0.type) }
        identityTypes = Set(resources.map(\.type)).sorted()
        let areNamed = resources.contains { resource in
            (Self.identities[resource.type] ?? nil).map { resource.properties[$0] != nil } ?? false
        }
        forIdentities = resources.isEmpty ? nil : areNamed ? Self.named : Self.plain
        hasTransforms = !template.transforms.isEmpty
    }

    /// What a request has to name.
    var needed: [String] { (forIdentities.map { [$0] } ?? []) + (hasTransforms ? [Self.expansion] : []) }

    /// `CapabilitiesReason`
    var reason: String? {
        identityTypes.isEmpty
            ? nil : "The following resource(s) require capabilities: [\(identityTypes.joined(separator: ", "))]"
    }

    /// - Throws: `InsufficientCapabilitiesException`
    func check(_ given: [String], expandsMacros: Bool) throws(ServiceError) {
        if let forIdentities {
            let isGiven = given.contains(Self.named) || given.contains(forIdentities)
            guard isGiven else { throw .insufficientCapabilities(forIdentities) }
        }
        guard !hasTransforms || expandsMacros || given.contains(Self.expansion) else {
            throw .insufficientCapabilities(Self.expansion)
        }
    }
}
