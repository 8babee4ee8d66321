/// The first lines of a response.
public struct ResponseHead: Sendable, Equatable {
    /// 100…599.
    public var status: Int
    public var fields: HTTPFields

    public init(status: Int, fields: HTTPFields = HTTPFields()) {
        self.status = status
        self.fields = fields
    }
}
