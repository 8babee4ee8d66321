import ServiceKit

/// The ARN of a queue as the operations on message move tasks take it.
struct QueueARN: MemberValue, Sendable {
    let text: String

    init(json value: JSONValue) throws { text = try String(json: value) }

    /// - Throws: `InvalidParameterValue`, `ResourceNotFoundException` for an ARN of anything but a queue
    func address(of parameter: String) throws -> QueueAddress {
        guard let arn = ARN(text) else {
            throw ServiceError.invalidParameter(
                "You must use this format to specify the \(parameter): "
                    + "arn:<partition>:<service>:<region>:<account-id>:<resource-id>")
        }
        guard let address = QueueAddress(arn) else { throw ServiceError.noResource(in: parameter) }
        return address
    }
}
