import ServiceKit
import Synchronization
import TestSupport

@testable import DynamoDB

/// DynamoDB on a database of its own, spoken to in its own JSON.
struct DynamoDBHost {
    let host: TestHost
    /// For what runs in the background.
    let tables: TableStore
    /// Those that tables may name.
    let clusters: CacheClusters
    /// Where the calls are made; `nil` for the stack's own region.
    private var region: String?

    private init(host: TestHost, tables: TableStore, clusters: CacheClusters) {
        self.host = host
        self.tables = tables
        self.clusters = clusters
    }

    /// The same in another region.
    func at(_ region: String) -> DynamoDBHost {
        var other = self
        other.region = region
        return other
    }

    var clock: ManualClock { host.clock }

    static func with<Result>(
        folder: String? = nil, authorizer: any Authorizer = AllowAll(), _ body: (DynamoDBHost) async throws -> Result
    ) async throws -> Result {
        let opened = Mutex<TableStore?>(nil)
        let clusters = CacheClusters()
        return try await TestHost.with(
            "tables", folder: folder, authorizer: authorizer,
            { host in
                let tables = try await DynamoDB.store(on: host, DynamoDB.database(on: host), clusters: clusters)
                opened.withLock { $0 = tables }
                return try DynamoDB.services(of: tables, on: host)
            },
            run: { host in
                guard let tables = opened.withLock({ $0 }) else { throw CancellationError() }
                return try await body(DynamoDBHost(host: host, tables: tables, clusters: clusters))
            })
    }

    @discardableResult
    func call(_ operation: String, _ input: String = "{}", as caller: Caller? = nil) async throws -> String {
        let caller = caller ?? .root(of: TestHost.account)
        let output = try await host.call("dynamodb", operation, input, as: caller, in: region)
        return String(decoding: output.rawBytes, as: UTF8.self)
    }

    @discardableResult
    func streams(_ operation: String, _ input: String = "{}") async throws -> JSONValue {
        try await host.call("dynamodbstreams", operation, input, in: region)
    }

    /// `Code: message`, and the error's other members behind it.
    func error(_ operation: String, _ input: String = "{}", as caller: Caller? = nil) async throws -> String {
        let caller = caller ?? .root(of: TestHost.account)
        guard let error = try await host.error(of: "dynamodb", operation, input, as: caller, in: region) else {
            return "none"
        }
        let members = error.members.isEmpty ? "" : " {\(String(decoding: error.members, as: UTF8.self))}"
        return "\(error.code): \(error.message)\(members)"
    }

    /// A table with the key `p` (S) and, if wanted, `c` of a type.
    func createTable(_ name: String = "table", sort: String? = nil, more: String = "") async throws {
        let attribute = sort.map { #",{"AttributeName":"c","AttributeType":"\#($0)"}"# } ?? ""
        let key = sort == nil ? "" : #",{"AttributeName":"c","KeyType":"RANGE"}"#
        let attributes = !more.contains(#""AttributeName":"g""#) ? "" : #",{"AttributeName":"g","AttributeType":"S"}"#
        try await call(
            "CreateTable",
            """
            {"TableName":"\(name)","BillingMode":"PAY_PER_REQUEST",\
            "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}\(attribute)\(attributes)],\
            "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}\(key)]\(more)}
            """)
    }

    func put(_ item: String, in table: String = "table", more: String = "") async throws {
        try await call("PutItem", #"{"TableName":"\#(table)","Item":\#(item)\#(more)}"#)
    }

    /// The item as JSON, or `none`.
    func item(_ key: String, in table: String = "table") async throws -> String {
        let output = try await host.call(
            "dynamodb", "GetItem", #"{"TableName":"\#(table)","Key":\#(key),"ConsistentRead":true}"#,
            in: region)
        return output["Item"].map { String(decoding: $0.rawBytes, as: UTF8.self) } ?? "none"
    }

    /// Does what is to be done in the background for global tables.
    func settleReplicas() async throws {
        try await ReplicaFiller(tables: tables).run(at: clock.now)
        try await Replicator(tables: tables, clock: clock).run()
    }
}
