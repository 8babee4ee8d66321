import AWSModel

/// Checks an input against the model's constraints, in AWS's words.
struct InputValidator: Sendable {
    init(service: AWSService, operation: String) {}

    func check(_ input: JSONValue) throws {}
}
