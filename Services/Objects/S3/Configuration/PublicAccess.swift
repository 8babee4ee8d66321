import ServiceKit

/// Block Public Access, in the user guide under "Blocking public access to your Amazon S3 storage".
struct PublicAccess: Sendable {
    let blockPublicPolicy: Bool
    let restrictPublicBuckets: Bool
    let blockPublicLists: Bool
    let ignorePublicLists: Bool

    /// As a `PublicAccessBlockConfiguration`; nothing is blocked without one.
    init(_ configuration: JSONValue?) {
        blockPublicPolicy = configuration?["BlockPublicPolicy"]?.bool ?? false
        restrictPublicBuckets = configuration?["RestrictPublicBuckets"]?.bool ?? false
        blockPublicLists = configuration?["BlockPublicAcls"]?.bool ?? false
        ignorePublicLists = configuration?["IgnorePublicAcls"]?.bool ?? false
    }

    private init(_ first: PublicAccess, _ second: PublicAccess) {
        blockPublicPolicy = first.blockPublicPolicy || second.blockPublicPolicy
        restrictPublicBuckets = first.restrictPublicBuckets || second.restrictPublicBuckets
        blockPublicLists = first.blockPublicLists || second.blockPublicLists
        ignorePublicLists = first.ignorePublicLists || second.ignorePublicLists
    }

    /// What either forbids: of a bucket and its account the stricter counts.
    func joined(with other: PublicAccess) -> PublicAccess { PublicAccess(self, other) }

    /// What a new bucket has since April 2023.
    static let initialConfiguration = Array(
        #"{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true}"#.utf8)
}
