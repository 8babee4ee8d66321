import JSON

/// How errors are named inside JSON bodies.
enum JSONErrorNames {
    /// Namespaces that services put before their own errors' names; SDKs drop them, people search for them.
    private static let namespaces = [
        "dynamodb": "com.amazonaws.dynamodb.v20120810", "dynamodbstreams": "com.amazonaws.dynamodb.v20120810",
        "sqs": "com.amazonaws.sqs", "stepfunctions": "com.amazonaws.swf.service.v2.model",
    ]
    /// Errors of the framework in front of those services.
    private static let frameworkErrors = [
        "AccessDeniedException": "com.amazon.coral.service", "ExpiredTokenException": "com.amazon.coral.service",
        "IncompleteSignatureException": "com.amazon.coral.service", "InternalFailure": "com.amazon.coral.service",
        "InvalidSignatureException": "com.amazon.coral.service",
        "MissingAuthenticationTokenException": "com.amazon.coral.service",
        "SerializationException": "com.amazon.coral.service",
        "ServiceUnavailable": "com.amazon.coral.service", "UnknownOperationException": "com.amazon.coral.service",
        "UnrecognizedClientException": "com.amazon.coral.service",
        "ValidationException": "com.amazon.coral.validate",
    ]

    /// `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`
    static func type(_ name: String, of service: String) -> String {
        guard let own = namespaces[service] else { return name }
        return "\(frameworkErrors[name] ?? own)#\(name)"
    }

    /// `message`, under the name that the shape or the framework has for it, and the further members.
    static func writeMessageAndMembers(of error: DescribedError, to json: inout JSONWriter) {
        // The framework's own reader writes a capital letter; what is raised behind it has what its shape says.
        if error.shapeName == "SerializationException" || error.shape?.member(named: "Message") != nil {
            json.member("Message", error.error.message)
        } else {
            json.member("message", error.error.message)
        }
        if !error.error.members.isEmpty { json.raw(error.error.members) }
    }
}
