@_exported import AWSModel
import HTTPTypes

/// An HTTP request as a service's wire sees it: the service and, in S3's case, the bucket are already found.
public struct WireRequest: Sendable {
    public var method: String
    /// Percent-encoded, without the query; a bucket named in the host stands in front.
    public var path: String
    public var query: [QueryItem]
    public var fields: HTTPFields
    /// Empty where the body is a stream beside it.
    public var body: [UInt8]

    public init(head: RequestHead, body: [UInt8] = []) {
        method = head.method
        path = String(head.path)
        query = head.queryItems
        fields = head.fields
        self.body = body
    }
}

/// An operation that a request names, and the labels of its path.
public struct WireCall: Sendable {
    public let operation: OperationModel
    /// Decoded, by the name in the model's URI.
    public let labels: [Label]

    public struct Label: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    public init(_ operation: OperationModel, labels: [Label] = []) {
        self.operation = operation
        self.labels = labels
    }
}
