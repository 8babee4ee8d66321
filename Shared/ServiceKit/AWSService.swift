import AWSModel

/// A service as its owner serves it: the model's name, the operations, and how it says the common errors.
public struct AWSService: Sendable {
    /// How a service refuses: codes differ between AWS's older and newer services.
    public struct ErrorForms: Sendable {
        public var accessDeniedCode: String
        public var accessDeniedStatus: Int
        /// The code for an input that breaks the model's constraints.
        public var validationCode: String
        /// What documents answer that break them, by the members they are the whole body for: S3's.
        public var malformedBodies: [String: ServiceError] = [:]

        /// What it answers for a fault of ours.
        public var failure = ServiceError.internalFailure

        public init(accessDenied code: String, status: Int, validation: String) {
            accessDeniedCode = code
            accessDeniedStatus = status
            validationCode = validation
        }

        /// awsJson services: `AccessDeniedException` with 400, `ValidationException`.
        public static let json = ErrorForms(
            accessDenied: "AccessDeniedException", status: 400, validation: "ValidationException")
        /// REST-JSON services: `AccessDeniedException` with 403, `ValidationException`.
        public static let restJSON = ErrorForms(
            accessDenied: "AccessDeniedException", status: 403, validation: "ValidationException")
        /// Query services: `AccessDenied` with 403, `ValidationError`.
        public static let query = ErrorForms(accessDenied: "AccessDenied", status: 403, validation: "ValidationError")
    }

    /// The file name of the service model (`cognito-idp`), or a name of ours that begins with `apus.` for operations
    /// between services: those have no model and only service principals may call them.
    public let name: String
    /// The prefix of its IAM actions: `s3`, `cognito-idp`.
    public let actionPrefix: String
    public let errors: ErrorForms
    public let operations: [any AWSOperation]
    /// Members of inputs whose enumerations the operations check themselves, where AWS answers otherwise than by its
    /// usual validation: `Runtime`.
    public let ownEnumerations: Set<String>
    /// Its own words for members of wrong kinds.
    public let wording: JavaWording?
    public var observer: (any CallObserver)?

    public init(
        _ name: String, actionPrefix: String? = nil, errors: ErrorForms, ownEnumerations: Set<String> = [],
        wording: JavaWording? = nil, operations: [any AWSOperation]
    ) {
        self.ownEnumerations = ownEnumerations
        self.wording = wording
        self.name = name
        self.actionPrefix = actionPrefix ?? name
        self.errors = errors
        self.operations = operations
    }

    /// Operations between services, such as `apus.auth`.
    public static func `internal`(_ name: String, operations: [any AWSOperation]) -> AWSService {
        AWSService(name, errors: .json, operations: operations)
    }

    var isInternal: Bool { name.hasPrefix("apus.") }
}
