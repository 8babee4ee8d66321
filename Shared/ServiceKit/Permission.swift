/// One action on one resource that a caller must be allowed.
public struct Permission: Sendable {
    /// `dynamodb:GetItem`; `nil` stands for the operation's own action.
    public var action: String?
    /// An ARN, or `*` where the action knows no resource.
    public var resource: String
    /// The account that owns the resource, where it may differ from the caller's.
    public var owner: String?
    /// The policy attached to the resource.
    public var resourcePolicy: Policy?
    /// Whether the resource's policy must let the caller in, itself or by its account: a KMS key's does, also for root.
    public var resourceMustAllow = false
    /// Permissions on other resources that the same action needs as well: on the access point that leads to a bucket.
    public var alsoNeeds: [Permission] = []
    /// Condition keys of this request: `["dynamodb:LeadingKeys": ["user-1"]]`.
    public var context: [String: [String]]

    public init(
        _ action: String? = nil, on resource: String, owner: String? = nil, resourcePolicy: Policy? = nil,
        context: [String: [String]] = [:]
    ) {
        self.action = action
        self.resource = resource
        self.owner = owner
        self.resourcePolicy = resourcePolicy
        self.context = context
    }

    public init(
        _ action: String? = nil, on resource: ARN, resourcePolicy: Policy? = nil, context: [String: [String]] = [:]
    ) {
        self.init(
            action, on: resource.description, owner: resource.account.isEmpty ? nil : resource.account,
            resourcePolicy: resourcePolicy, context: context)
    }
}
