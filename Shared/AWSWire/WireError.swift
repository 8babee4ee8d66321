import JSON

/// An error to be answered.
public struct WireError: Error, Sendable, Equatable {
    /// The shape's name or its documented code.
    public var code: String
    public var message: String
    public var status: Int
    /// Further members of the shape: the inside of a JSON object without its braces.
    public var members: [UInt8]

    public init(_ code: String, _ message: String, status: Int = 400, members: [UInt8] = []) {
        self.code = code
        self.message = message
        self.status = status
        self.members = members
    }
}

/// Why a request cannot be read as its operation's input, or an output not be written.
public struct WireFault: Error, Equatable {
    public enum Kind: Sendable {
        /// The body is not what its protocol's grammar allows.
        case malformed
        /// A part of the request is no value of its shape.
        case invalidValue
        /// A limit on size, depth or count.
        case tooLarge
        /// An output that is no value of its shape: a fault of ours.
        case output
    }

    public let kind: Kind
    public let reason: String

    init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// An error with what the model knows of it.
struct DescribedError {
    let error: WireError
    let shape: Shape?
    /// Parsed `members`, `nil` for none.
    let members: JSONValue?

    init(_ error: WireError, in model: ServiceModel) {
        self.error = error
        shape = DescribedError.shape(of: error.code, in: model)
        let text = [UInt8(ascii: "{")] + error.members + [UInt8(ascii: "}")]
        members = error.members.isEmpty ? nil : (try? JSONDocument(text))?.root
    }

    var memberEntries: [JSONMember] { members.map { Array($0.members) } ?? [] }

    /// The name of the shape, for protocols that send it.
    var shapeName: String { shape?.name ?? error.code }
    /// The code of the query protocol and of S3.
    var queryCode: String { shape?.error?.code ?? error.code }
    var isSenderFault: Bool { shape?.error?.isSenderFault ?? (status < 500) }

    /// The service's own status, or the model's where the service left the default.
    var status: Int {
        if error.status != 400 { return error.status }
        return shape?.error?.status ?? (shape?.error?.isServerFault == true ? 500 : 400)
    }

    /// As `status`; a service that was query once has the statuses of that protocol in its model, JSON has not.
    func status(in metadata: ServiceMetadata) -> Int {
        guard metadata.isQueryCompatible, error.status == 400 else { return status }
        return shape?.error?.isServerFault == true ? 500 : 400
    }

    private static func shape(of code: String, in model: ServiceModel) -> Shape? {
        if let id = model.shape(named: code), model[id].error != nil { return model[id] }
        return model.shapes.first { $0.error?.code == code }
    }
}
