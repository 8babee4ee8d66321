/// A key and a value that a resource is marked with. What keys and values there may be, and how many, each service says.
///
/// [Tagging AWS resources](https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html)
public struct Tag: InputShape, OutputShape, Hashable {
    public let key: String
    public let value: String

    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// Where the model requires either, the dispatcher has seen that it is there.
    public init(_ member: Members) throws {
        key = try member("Key") ?? ""
        value = try member("Value") ?? ""
    }

    public func write(to json: inout JSONWriter) {
        json.member("Key", key)
        json.member("Value", value)
    }
}
