import ServiceKit

/// What a change set does to one resource, in AWS's words.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html)
struct ResourceChange: Sendable {
    enum Action: String, Sendable {
        case add = "Add"
        case modify = "Modify"
        case remove = "Remove"
    }

    enum Source: String, Sendable {
        case resourceReference = "ResourceReference"
        case parameterReference = "ParameterReference"
        case resourceAttribute = "ResourceAttribute"
        case directModification = "DirectModification"
    }

    struct Target: Sendable {
        enum Attribute: String, Sendable {
            case properties = "Properties"
            case metadata = "Metadata"
            case deletionPolicy = "DeletionPolicy"
            case updateReplacePolicy = "UpdateReplacePolicy"
            case tags = "Tags"

            var isOfProperties: Bool { self == .properties || self == .tags }
        }

        let attribute: Attribute
        let name: String?
        let recreation: Replacement
        let path: String
        let before: String?
        let after: String?

        var changeType: String { before == nil ? "Add" : after == nil ? "Remove" : "Modify" }
    }

    struct Detail: Sendable {
        let target: Target
        /// Whether the value is known already.
        let isStatic: Bool
        let source: Source
        let cause: String?
        /// Whether another resource is needed; not kept.
        let effect: Replacement

        init(
            _ target: Target, effect: Replacement = .never, source: Source = .directModification,
            cause: String? = nil, isStatic: Bool = true
        ) {
            (self.target, self.effect, self.source) = (target, effect, source)
            (self.cause, self.isStatic) = (cause, isStatic)
        }
    }

    let action: Action
    let logicalID: String
    let type: String
    var physicalID: String?
    var policyAction: String?
    /// Of a modification: whether another resource is made instead.
    var replacement = Replacement.never
    var details: [Detail] = []
    /// JSON texts.
    var before, after: String?

    init(_ action: Action, _ logicalID: String, _ type: String) {
        (self.action, self.logicalID, self.type) = (action, logicalID, type)
    }

    var scope: [String] { Set(details.map(\.target.attribute.rawValue)).sorted() }
}
