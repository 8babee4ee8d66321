/// An HTTP request that is no AWS operation, as the gateway passes it to the owner of its plane.
///
/// | plane | operation | parameters |
/// | --- | --- | --- |
/// | `{bucket}.s3-website…` | `apus.objects` `GetWebsitePage` | `Bucket` |
/// | `{id}.lambda-url…` | `function-url` `InvokeFunctionUrl` | `UrlId`, `SignatureFault` |
/// | `/iceberg/v1/…` | `iceberg-catalog` `AnswerCatalogRequest` | |
///
/// The answer is a `PlaneResponse`.
public struct PlaneRequest: InputShape, OutputShape {
    public struct Header: InputShape, OutputShape {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        public init(_ member: Members) throws {
            name = try member("Name")
            value = try member("Value")
        }

        public func write(to json: inout JSONWriter) {
            json.member("Name", name)
            json.member("Value", value)
        }
    }

    public var method: String
    /// As the client named it, with the port.
    public var host: String
    /// Percent-encoded, without what chose the plane: below the stage, or below the bucket.
    public var path: String
    /// Percent-encoded, without `?`.
    public var query: String
    /// In their order, repeated names included.
    public var headers: [Header]
    public var parameters: [String: String]
    public var body: Blob

    public init(
        method: String, host: String, path: String, query: String, headers: [Header], parameters: [String: String],
        body: [UInt8] = []
    ) {
        self.method = method
        self.host = host
        self.path = path
        self.query = query
        self.headers = headers
        self.parameters = parameters
        self.body = Blob(body)
    }

    public init(_ member: Members) throws {
        method = try member("Method")
        host = try member("Host") ?? ""
        path = try member("Path")
        query = try member("Query") ?? ""
        headers = try member("Headers") ?? []
        parameters = try member("Parameters") ?? [:]
        body = try member("Body") ?? Blob([])
    }

    public func write(to json: inout JSONWriter) {
        json.member("Method", method)
        json.member("Host", host)
        json.member("Path", path)
        json.member("Query", query)
        json.member("Headers", headers)
        json.member("Parameters", parameters)
        if !body.bytes.isEmpty { json.member("Body", body) }
    }
}

/// What a plane's owner answers: passed to the client as it is.
public struct PlaneResponse: InputShape, StreamingOutput {
    public var status: Int
    public var headers: [PlaneRequest.Header]
    /// The whole body, where it is small.
    public var bytes: Blob
    /// The body of a large answer, instead of `bytes`.
    public var body: ByteStream?

    public init(status: Int, headers: [PlaneRequest.Header] = [], bytes: [UInt8] = [], stream: ByteStream? = nil) {
        self.status = status
        self.headers = headers
        self.bytes = Blob(bytes)
        body = stream
    }

    public init(_ member: Members) throws {
        status = try member("Status")
        headers = try member("Headers") ?? []
        bytes = try member("Body") ?? Blob([])
        body = nil
    }

    public func write(to json: inout JSONWriter) {
        json.member("Status", status)
        if !headers.isEmpty { json.member("Headers", headers) }
        if !bytes.bytes.isEmpty { json.member("Body", bytes) }
    }
}
