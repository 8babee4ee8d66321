/// What extensions are told about the function they came with.
public struct FunctionFacts: Sendable {
    public let name: String
    public let version: String
    public let handler: String

    public init(name: String, version: String, handler: String) {
        self.name = name
        self.version = version
        self.handler = handler
    }
}
