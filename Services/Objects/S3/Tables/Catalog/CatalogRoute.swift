import ServiceKit

/// What a request to the Iceberg REST endpoint is for.
///
/// [The catalog's API](https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml)
enum CatalogRoute: Sendable {
    /// `GET /v1/config?warehouse=…`
    case configuration(TableBucketReference)
    /// `GET …/namespaces`
    case namespaces(TableBucketReference, Paging)
    /// `GET` and `HEAD …/namespaces/{namespace}`
    case namespace(TableBucketReference, String, isAsked: Bool)
    /// `GET …/namespaces/{namespace}/tables`
    case tables(TableBucketReference, String, Paging)
    /// `GET …/tables/{table}`
    case table(TableInput)
    /// `HEAD …/tables/{table}`
    case tableExists(TableInput)
    /// `DELETE …/tables/{table}`
    case dropTable(TableInput)

    /// What part of a list.
    struct Paging: Sendable {
        static let largest = 1000

        let token: String?
        let limit: Int
        /// Below which namespace; there are none below any.
        let parent: String?
    }

    /// What clients may ask for, as the configuration tells them.
    static let endpoints = [
        "GET /v1/{prefix}/namespaces", "GET /v1/{prefix}/namespaces/{namespace}",
        "HEAD /v1/{prefix}/namespaces/{namespace}", "GET /v1/{prefix}/namespaces/{namespace}/tables",
        "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}",
        "HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}",
        "DELETE /v1/{prefix}/namespaces/{namespace}/tables/{table}",
    ]

    /// - Throws: errors by the names of Iceberg's exceptions.
    init(_ request: PlaneRequest) throws {
        let parts = try request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(Self.text)
        let query = try Self.items(request.query)
        guard parts.count >= 3, parts[0] == "iceberg", parts[1] == "v1" else { throw ServiceError.noSuchRoute }
        if parts.count == 3, parts[2] == "config", request.method == "GET" {
            guard let warehouse = query["warehouse"] else {
                throw ServiceError("BadRequestException", "The warehouse must be specified.")
            }
            self = .configuration(try TableBucketReference(warehouse))
            return
        }
        let paging = Paging(
            token: query["pageToken"].flatMap { $0.isEmpty ? nil : $0 },
            limit: min(Paging.largest, max(1, query["pageSize"].flatMap { Int($0) } ?? Paging.largest)),
            parent: query["parent"])
        self = try Self.route(
            request.method, Array(parts[2...]), paging, isPurge: query["purgeRequested"]?.lowercased() == "true")
    }

    private static func route(
        _ method: String, _ parts: [String], _ paging: Paging, isPurge: Bool
    ) throws -> CatalogRoute {
        guard parts.count > 1, parts[1] == "namespaces" else { throw ServiceError.noSuchRoute }
        let bucket = try TableBucketReference(parts[0])
        switch (method, parts.count) {
        case ("GET", 2): return .namespaces(bucket, paging)
        case ("GET", 3), ("HEAD", 3): return .namespace(bucket, parts[2], isAsked: method == "HEAD")
        case ("GET", 4) where parts[3] == "tables": return .tables(bucket, parts[2], paging)
        case (_, 5) where parts[3] == "tables":
            let table = TableInput(bucket: bucket, namespace: parts[2], name: parts[4])
            switch method {
            case "GET": return .table(table)
            case "HEAD": return .tableExists(table)
            case "DELETE":
                // Files always go with their table: who wants to keep them is told so.
                guard isPurge else {
                    throw ServiceError("BadRequestException", "S3 Tables supports dropping a table only with purge.")
                }
                return .dropTable(table)
            default: throw ServiceError.noSuchRoute
            }
        default: throw ServiceError.noSuchRoute
        }
    }

    private static func text(_ part: Substring) throws -> String {
        guard let bytes = PercentEncoding.decode(part.utf8), let text = String(validating: bytes, as: UTF8.self) else {
            throw ServiceError.noSuchRoute
        }
        return text
    }

    private static func items(_ query: String) throws -> [String: String] {
        var items: [String: String] = [:]
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let bytes = PercentEncoding.decode(parts[1].utf8, plusIsSpace: true),
                let text = String(validating: bytes, as: UTF8.self)
            else { continue }
            items[String(parts[0])] = text
        }
        return items
    }
}

extension ServiceError {
    fileprivate static let noSuchRoute = ServiceError(
        "UnsupportedOperationException", "The endpoint does not support this operation.", status: 406)
}

extension TableInput {
    fileprivate init(bucket: TableBucketReference, namespace: String, name: String) {
        (self.bucket, self.namespace, self.name) = (bucket, namespace, name)
    }
}
