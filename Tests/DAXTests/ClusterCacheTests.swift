import ServiceKit
import TestSupport
import Testing

@Suite("Tables that name a DAX cluster")
struct ClusterCacheTests {
    private static let get = #"{"TableName":"table","Key":{"p":{"S":"a"}}}"#

    private static func createTable(_ dax: DAXHost) async throws {
        try await dax.host.call(
            "dynamodb", "CreateTable",
            """
            {"TableName":"table","BillingMode":"PAY_PER_REQUEST",\
            "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],\
            "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"Tags":[{"Key":"apus:cache","Value":"songs"}]}
            """)
        try await dax.host.call("dynamodb", "PutItem", #"{"TableName":"table","Item":{"p":{"S":"a"}}}"#)
    }

    private static func hits(_ dax: DAXHost) -> Int {
        let prefix = #"apus_tables_cache_hits_total{cache="item"} "#
        let lines = dax.host.host.metrics.exposition().split(separator: "\n")
        return lines.first { $0.hasPrefix(prefix) }.flatMap { Double($0.dropFirst(prefix.count)) }.map { Int($0) } ?? 0
    }

    /// How many of `count` reads the cache answers.
    private static func cachedReads(_ dax: DAXHost, _ count: Int = 3) async throws -> Int {
        let before = hits(dax)
        for _ in 0..<count { try await dax.host.call("dynamodb", "GetItem", Self.get) }
        return hits(dax) - before
    }

    @Test("are cached as long as its parameter group says, while it is there, over a restart")
    func lifetime() async throws {
        try await TemporaryFolder.with { folder in
            try await DAXHost.with(folder: folder) { dax in
                try await Self.createTable(dax)
                #expect(try await Self.cachedReads(dax) == 0)
                try await dax.call("CreateParameterGroup", #"{"ParameterGroupName":"times"}"#)
                try await dax.call(
                    "UpdateParameterGroup",
                    """
                    {"ParameterGroupName":"times",\
                    "ParameterNameValues":[{"ParameterName":"record-ttl-millis","ParameterValue":"1500"}]}
                    """)
                try await dax.createCluster(more: #","ParameterGroupName":"times""#)
                #expect(try await Self.cachedReads(dax) == 2)
                dax.host.clock.advance(by: .milliseconds(1499))
                #expect(try await Self.cachedReads(dax) == 3)
                dax.host.clock.advance(by: .milliseconds(1))
                #expect(try await Self.cachedReads(dax) == 2)
            }
            try await DAXHost.with(folder: folder) { dax in
                #expect(try await Self.cachedReads(dax) == 2)
                try await dax.call("UpdateCluster", #"{"ClusterName":"songs","ParameterGroupName":"default.dax1.0"}"#)
                dax.host.clock.advance(by: .seconds(299))
                #expect(try await Self.cachedReads(dax) == 3)
                try await dax.call("DeleteCluster", #"{"ClusterName":"songs"}"#)
                #expect(try await Self.cachedReads(dax) == 0)
            }
        }
    }
}
