import ServiceKit
import TemplateLanguage
import TestSupport
import Testing

@testable import CloudFormation

private let clusterType = "AWS::DAX::Cluster"
private let role = #""IAMRoleARN":"arn:aws:iam::000000000000:role/dax""#
private let plain = #"{\#(role),"NodeType":"dax.t3.small","ReplicationFactor":"2"}"#

@Suite("AWS::DAX resources")
struct DAXResourceTests {
    private static let arn = "arn:aws:dax:us-east-1:000000000000:cache/my-thi-a1b2c3d4e5f6"

    private func cluster(_ host: ResourceHost) async throws -> JSONValue? {
        try await host.call("dax", "DescribeClusters")["Clusters"]?.elements.first { _ in true }
    }

    @Test("a cluster has a name that DAX takes, and DAX's attributes")
    func creates() async throws {
        try await ResourceHost.with { host in
            let properties = #"""
                {\#(role),"NodeType":"dax.t3.small","ReplicationFactor":"2","Description":"songs",
                "SSESpecification":{"SSEEnabled":"true"},"SecurityGroupIds":["sg-1"],"Tags":{"team":"music"},
                "AvailabilityZones":["us-east-1b","us-east-1c"]}
                """#
            let made = try await host.create(clusterType, properties)
            #expect(made.id == "my-thi-a1b2c3d4e5f6" && made.reference == made.id)
            #expect(made.attributes["Arn"] == .string(Self.arn))
            #expect(made.attributes["ClusterDiscoveryEndpoint"] == .string("localhost:4566"))
            let cluster = try #require(try await cluster(host))
            #expect(cluster["TotalNodes"]?.int64 == 2 && cluster["Description"]?.string == "songs")
            #expect(cluster["SSEDescription"]?["Status"]?.string == "ENABLED")
            let zones = cluster["Nodes"]?.elements.map { $0["AvailabilityZone"]?.string }
            #expect(zones == ["us-east-1b", "us-east-1c"])
            let tags = try await host.call("dax", "ListTags", #"{"ResourceName":"\#(Self.arn)"}"#)["Tags"]
            let values = tags?.elements.map { "\($0["Key"]?.string ?? "")=\($0["Value"]?.string ?? "")" }
            #expect(values == ["team=music"])
        }
    }

    @Test("a cluster is changed in place, by the least calls")
    func updates() async throws {
        try await ResourceHost.with { host in
            let id = try await host.create(clusterType, plain).id
            let calls = Calls()
            let grown = #"{\#(role),"NodeType":"dax.t3.small","ReplicationFactor":4,"Tags":{"a":"b"}}"#
            _ = try await host.update(clusterType, id, from: plain, to: grown, in: host.context(calls: calls))
            #expect(calls.changes == ["dax:IncreaseReplicationFactor", "dax:TagResource"])
            #expect(try await cluster(host)?["TotalNodes"]?.int64 == 4)
            let less = Calls()
            let small = #"{\#(role),"NodeType":"dax.t3.small","ReplicationFactor":1,"Description":"now"}"#
            _ = try await host.update(clusterType, id, from: grown, to: small, in: host.context(calls: less))
            #expect(less.changes == ["dax:UpdateCluster", "dax:DecreaseReplicationFactor", "dax:UntagResource"])
            let cluster = try #require(try await cluster(host))
            #expect(cluster["TotalNodes"]?.int64 == 1 && cluster["Description"]?.string == "now")
            // Once more, as after a crash: there is nothing left to do, and nothing fails.
            _ = try await host.update(
                clusterType, id, from: grown, to: small, in: host.context(isRetry: true))
        }
    }

    @Test(
        "survive a crash at any call of their creation",
        arguments: [
            (clusterType, plain),
            ("AWS::DAX::ParameterGroup", #"{"ParameterNameValues":{"record-ttl-millis":"1000"}}"#),
            ("AWS::DAX::SubnetGroup", #"{"Description":"d","SubnetIds":["subnet-1"]}"#),
        ])
    func crashes(_ type: String, _ properties: String) async throws {
        try await ResourceHost.with { try await $0.survivesCrashes(type, properties) }
    }

    @Test("groups are changed in place")
    func groups() async throws {
        try await ResourceHost.with { host in
            let type = "AWS::DAX::ParameterGroup"
            let old = #"{"ParameterNameValues":{"record-ttl-millis":1000}}"#
            let new = #"{"ParameterNameValues":{"query-ttl-millis":"2000"}}"#
            let id = try await host.create(type, old).id
            _ = try await host.update(type, id, from: old, to: new)
            let parameters = try await host.call("dax", "DescribeParameters", #"{"ParameterGroupName":"\#(id)"}"#)
            let values = parameters["Parameters"]?.elements.map { $0["ParameterValue"]?.string }
            #expect(values == ["2000", "300000"])
            let subnets = "AWS::DAX::SubnetGroup"
            let one = #"{"SubnetGroupName":"Mine","SubnetIds":["subnet-1"]}"#
            let made = try await host.create(subnets, one)
            #expect(made.reference == "mine")
            _ = try await host.update(
                subnets, made.id, from: one, to: #"{"SubnetGroupName":"Mine","SubnetIds":["subnet-1","subnet-2"]}"#)
            let groups = try await host.call("dax", "DescribeSubnetGroups", #"{"SubnetGroupNames":["mine"]}"#)
            #expect(groups["SubnetGroups"]?.elements.map { $0["Subnets"]?.elements.map { _ in 1 }.count } == [2])
        }
    }

    @Test("failures are the service's own")
    func failures() async throws {
        try await ResourceHost.with { host in
            let error = await #expect(throws: ServiceError.self) {
                try await host.create(
                    clusterType, #"{\#(role),"NodeType":"large","ReplicationFactor":1}"#)
            }
            #expect(error?.code == "InvalidParameterValueException")
            // What is there already is somebody else's where nothing was tried before.
            _ = try await host.create(clusterType, plain)
            let second = await #expect(throws: ServiceError.self) { try await host.create(clusterType, plain) }
            #expect(second?.code == "ClusterAlreadyExistsFault")
        }
    }
}
