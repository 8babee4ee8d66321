import ServiceKit

/// What an import was asked to do: kept, and answered, as it was said.
struct ImportRequest: InputShape, OutputShape {
    struct CSV: InputShape {
        let delimiter: String?
        let header: [String]?

        init(_ member: Members) throws {
            delimiter = try member("Delimiter")
            header = try member("HeaderList")
        }
    }

    /// `InputCompressionType`
    enum Compression: String, Sendable {
        case none = "NONE"
        case gzip = "GZIP"
        case zstd = "ZSTD"
    }

    let bucket: String
    let bucketOwner: String?
    let prefix: String?
    let format: String
    let compression: Compression
    let csv: CSV?
    let design: TableDesign
    private let source: JSONValue
    private let options: JSONValue?
    private let parameters: JSONValue

    init(_ member: Members) throws {
        source = try member("S3BucketSource")
        format = try member("InputFormat")
        options = try member("InputFormatOptions")
        let compression: String? = try member("InputCompressionType")
        self.compression = compression.flatMap(Compression.init(rawValue:)) ?? .none
        parameters = try member("TableCreationParameters")
        let source = try Members(source)
        bucket = try source("S3Bucket")
        bucketOwner = try source("S3BucketOwner")
        prefix = try source("S3KeyPrefix")
        csv = try options.flatMap { try Members($0)("Csv") }
        design = try TableDesign(Members(parameters), isImport: true)
    }

    func write(to json: inout JSONWriter) {
        writeSource(to: &json)
        json.member("InputFormatOptions", options)
        json.member("InputCompressionType", compression.rawValue)
        json.member("TableCreationParameters", parameters)
    }

    /// The members a summary has too.
    func writeSource(to json: inout JSONWriter) {
        json.member("S3BucketSource", source)
        json.member("InputFormat", format)
    }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }

    /// - Throws: for what cannot be read, before a table is made for it.
    func validate() throws(ServiceError) {
        guard csv == nil || format == "CSV" else {
            throw .invalidParameter("InputFormatOptions.Csv can only be specified when InputFormat is CSV")
        }
        let header = csv?.header ?? []
        guard Set(header.map { Text($0) }).count == header.count else {
            throw .invalidParameter("Duplicate header in HeaderList")
        }
    }
}
