import ServiceKit
import Synchronization
import TestSupport

@testable import ApplicationAutoScaling
@testable import DynamoDB

/// Tables, and what scales them, on one database.
struct ScalingHost {
    static let read = "dynamodb:table:ReadCapacityUnits"
    static let write = "dynamodb:table:WriteCapacityUnits"

    let host: TestHost
    let tables: TableStore
    /// A scaler of the test's own: the host's workers do not run.
    let scaler: Scaler

    var clock: ManualClock { host.clock }

    static func with<Result>(
        folder: String? = nil, authorizer: any Authorizer = AllowAll(), _ body: (ScalingHost) async throws -> Result
    ) async throws -> Result {
        let opened = Mutex<TableStore?>(nil)
        return try await TestHost.with(
            "tables", folder: folder, authorizer: authorizer,
            { host in
                let tables = try await DynamoDB.store(on: host, DynamoDB.database(on: host))
                opened.withLock { $0 = tables }
                return try DynamoDB.services(of: tables, on: host)
            },
            run: { host in
                guard let tables = opened.withLock({ $0 }) else { throw CancellationError() }
                return try await body(
                    ScalingHost(host: host, tables: tables, scaler: Scaler(tables.scaling)))
            })
    }

    @discardableResult
    func call(_ operation: String, _ input: String = "", in region: String? = nil) async throws -> JSONValue {
        try await host.call(
            "application-autoscaling", operation, #"{"ServiceNamespace":"dynamodb"\#(input)}"#, in: region)
    }

    /// `Code: message`; `none` where there is none.
    func error(_ operation: String, _ input: String = "", namespace: String = "dynamodb") async throws -> String {
        let error = try await host.error(
            of: "application-autoscaling", operation, #"{"ServiceNamespace":"\#(namespace)"\#(input)}"#)
        return error.map { "\($0.code): \($0.message)" } ?? "none"
    }

    @discardableResult
    func dynamodb(_ operation: String, _ input: String, in region: String? = nil) async throws -> JSONValue {
        try await host.call("dynamodb", operation, input, in: region)
    }

    /// A table with the index `by-g`.
    func createTable(read: Int = 5, write: Int = 5, in region: String? = nil) async throws {
        try await dynamodb(
            "CreateTable",
            """
            {"TableName":"songs","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},\
            {"AttributeName":"g","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],\
            "ProvisionedThroughput":{"ReadCapacityUnits":\(read),"WriteCapacityUnits":\(write)},\
            "GlobalSecondaryIndexes":[{"IndexName":"by-g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],\
            "Projection":{"ProjectionType":"ALL"},\
            "ProvisionedThroughput":{"ReadCapacityUnits":\(read),"WriteCapacityUnits":\(write)}}]}
            """, in: region)
    }

    static func target(_ dimension: String = write, _ resource: String = "table/songs") -> String {
        #","ResourceId":"\#(resource)","ScalableDimension":"\#(dimension)""#
    }

    @discardableResult
    func register(
        _ dimension: String = write, _ resource: String = "table/songs", min: Int = 1, max: Int = 100,
        more: String = "", in region: String? = nil
    ) async throws -> String {
        let output = try await call(
            "RegisterScalableTarget",
            Self.target(dimension, resource) + #","MinCapacity":\#(min),"MaxCapacity":\#(max)\#(more)"#, in: region)
        return output["ScalableTargetARN"]?.string ?? "none"
    }

    @discardableResult
    func putPolicy(
        _ dimension: String = write, _ resource: String = "table/songs", name: String = "policy", target: Double = 50,
        more: String = ""
    ) async throws -> JSONValue {
        let direction = dimension.hasSuffix("ReadCapacityUnits") ? "Read" : "Write"
        return try await call(
            "PutScalingPolicy",
            Self.target(dimension, resource) + """
                ,"PolicyName":"\(name)","PolicyType":"TargetTrackingScaling",\
                "TargetTrackingScalingPolicyConfiguration":{"TargetValue":\(target)\(more),\
                "PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDB\(direction)CapacityUtilization"}}
                """)
    }

    /// `read/write` of the table, or of its index.
    func capacity(ofIndex: Bool = false, in region: String? = nil) async throws -> String {
        let table = try await dynamodb("DescribeTable", #"{"TableName":"songs"}"#, in: region)["Table"]
        let index = table?["GlobalSecondaryIndexes"]?.elements.first { _ in true }
        let throughput = (ofIndex ? index : table)?["ProvisionedThroughput"]
        return "\(throughput?["ReadCapacityUnits"]?.int64 ?? -1)/\(throughput?["WriteCapacityUnits"]?.int64 ?? -1)"
    }

    /// The texts of a member of every activity, the newest first.
    func activities(_ member: String = "Description", more: String = "") async throws -> [String] {
        let output = try await call("DescribeScalingActivities", more)
        return output["ScalingActivities"]?.elements.compactMap { $0[member]?.string } ?? []
    }

    /// Lets minutes pass, in each of which so many units are written.
    func pass(minutes: Int, writing units: Int = 0, indexed: Bool = false, in region: String? = nil) async throws {
        _ = try await scaler.step(at: clock.now)
        for _ in 0..<minutes {
            try await write(units, indexed: indexed, in: region)
            clock.advance(by: .seconds(60))
            _ = try await scaler.step(at: clock.now)
        }
    }

    /// Writes of at most 100 units each.
    func write(_ units: Int, indexed: Bool = false, in region: String? = nil) async throws {
        var left = units
        while left > 0 {
            let size = min(100, left)
            let text = String(repeating: "x", count: (size << 10) - 64)
            // Another key each time, as an index takes two writes to change an entry's key, and none to keep it.
            let more = indexed ? #","g":{"S":"g"}"# : ""
            try await dynamodb(
                "PutItem",
                #"{"TableName":"songs","Item":{"p":{"S":"\#(Identifier.lowercase(8))"},"t":{"S":"\#(text)"}\#(more)}}"#,
                in: region)
            left -= size
        }
    }
}
