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

    /// What a new bucket has since April 2023.
    static let initialConfiguration = Array(
        #"{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true}"#.utf8)
}
