import ServiceKit
import TestSupport
import Testing

@Suite("DAX parameter groups, subnet groups and events")
struct GroupTests {
    private static func parameters(_ group: JSONValue) -> [String: String] {
        let list = group["Parameters"]
        return Dictionary(
            uniqueKeysWithValues: zip(
                list?.texts("ParameterName") ?? [], list?.texts("ParameterValue") ?? []))
    }

    @Test("Parameters have defaults, and values of their own in a group")
    func values() async throws {
        try await DAXHost.with { dax in
            let defaults = ["query-ttl-millis": "300000", "record-ttl-millis": "300000"]
            #expect(Self.parameters(try await dax.call("DescribeDefaultParameters")) == defaults)
            try await dax.call("CreateParameterGroup", #"{"ParameterGroupName":"times","Description":"short"}"#)
            let updated = try await dax.call(
                "UpdateParameterGroup",
                """
                {"ParameterGroupName":"times",\
                "ParameterNameValues":[{"ParameterName":"record-ttl-millis","ParameterValue":"1000"}]}
                """)
            #expect(updated["ParameterGroup"]?["Description"]?.string == "short")
            let described = try await dax.call("DescribeParameters", #"{"ParameterGroupName":"times"}"#)
            #expect(Self.parameters(described) == defaults.merging(["record-ttl-millis": "1000"]) { $1 })
            let listed = try await dax.call("DescribeParameterGroups")
            #expect(listed["ParameterGroups"]?.texts("ParameterGroupName") == ["default.dax1.0", "times"])
        }
    }

    @Test(
        "Parameters are refused that there are not, and values that are no times",
        arguments: [("ttl", "1"), ("record-ttl-millis", "-1"), ("record-ttl-millis", "1s"), ("query-ttl-millis", "")])
    func invalidParameters(name: String, value: String) async throws {
        try await DAXHost.with { dax in
            try await dax.call("CreateParameterGroup", #"{"ParameterGroupName":"times"}"#)
            let request = """
                {"ParameterGroupName":"times",\
                "ParameterNameValues":[{"ParameterName":"\(name)","ParameterValue":"\(value)"}]}
                """
            #expect(try await dax.error("UpdateParameterGroup", request) == "InvalidParameterValueException")
        }
    }

    @Test("Groups in use stay, and so does the default one")
    func groupsInUse() async throws {
        try await DAXHost.with { dax in
            try await dax.call("CreateParameterGroup", #"{"ParameterGroupName":"times"}"#)
            try await dax.call("CreateSubnetGroup", #"{"SubnetGroupName":"nets","SubnetIds":["subnet-1"]}"#)
            try await dax.createCluster(more: #","ParameterGroupName":"times","SubnetGroupName":"nets""#)
            let group = #"{"ParameterGroupName":"times"}"#
            #expect(try await dax.error("DeleteParameterGroup", group) == "InvalidParameterGroupStateFault")
            #expect(
                try await dax.error("DeleteParameterGroup", #"{"ParameterGroupName":"default.dax1.0"}"#)
                    == "InvalidParameterGroupStateFault")
            let nets = #"{"SubnetGroupName":"nets"}"#
            #expect(try await dax.error("DeleteSubnetGroup", nets) == "SubnetGroupInUseFault")
            try await dax.call("DeleteCluster", #"{"ClusterName":"songs"}"#)
            let deleted = try await dax.call("DeleteParameterGroup", group)
            #expect(deleted["DeletionMessage"]?.string == "Parameter group times has been deleted.")
            try await dax.call("DeleteSubnetGroup", nets)
            #expect(try await dax.error("DeleteParameterGroup", group) == "ParameterGroupNotFoundFault")
            #expect(try await dax.error("DeleteSubnetGroup", nets) == "SubnetGroupNotFoundFault")
        }
    }

    @Test("There are only so many groups")
    func quotas() async throws {
        try await DAXHost.with { dax in
            for number in 0..<20 {
                try await dax.call("CreateParameterGroup", #"{"ParameterGroupName":"p\#(number)"}"#)
            }
            let another = #"{"ParameterGroupName":"q"}"#
            #expect(try await dax.error("CreateParameterGroup", another) == "ParameterGroupQuotaExceededFault")
            let again = #"{"ParameterGroupName":"p1"}"#
            #expect(try await dax.error("CreateParameterGroup", again) == "ParameterGroupAlreadyExistsFault")
        }
    }

    @Test("Subnet groups are created, changed and described")
    func subnets() async throws {
        try await DAXHost.with { dax in
            try await dax.call("CreateSubnetGroup", #"{"SubnetGroupName":"Nets","SubnetIds":["subnet-1"]}"#)
            try await dax.call(
                "UpdateSubnetGroup",
                #"{"SubnetGroupName":"nets","Description":"d","SubnetIds":["subnet-2","subnet-3"]}"#)
            let groups = try await dax.call("DescribeSubnetGroups", #"{"SubnetGroupNames":["nets"]}"#)["SubnetGroups"]
            #expect(groups?.texts("Description") == ["d"])
            let subnets = groups?.elements.first { _ in true }?["Subnets"]
            #expect(subnets?.texts("SubnetIdentifier") == ["subnet-2", "subnet-3"])
            let invalid = #"{"SubnetGroupName":"more","SubnetIds":["net"]}"#
            #expect(try await dax.error("CreateSubnetGroup", invalid) == "InvalidSubnet")
            let again = #"{"SubnetGroupName":"nets","SubnetIds":["subnet-1"]}"#
            #expect(try await dax.error("CreateSubnetGroup", again) == "SubnetGroupAlreadyExistsFault")
            let many = (0..<21).map { #""subnet-\#($0)""# }.joined(separator: ",")
            #expect(
                try await dax.error("UpdateSubnetGroup", #"{"SubnetGroupName":"nets","SubnetIds":[\#(many)]}"#)
                    == "SubnetQuotaExceededFault")
        }
    }

    @Test("Events tell what happened, the newest first, for two weeks")
    func events() async throws {
        try await DAXHost.with { dax in
            try await dax.createCluster()
            dax.host.clock.advance(by: .seconds(2 * 86400))
            try await dax.call("IncreaseReplicationFactor", #"{"ClusterName":"songs","NewReplicationFactor":2}"#)
            try await dax.call("CreateParameterGroup", #"{"ParameterGroupName":"times"}"#)
            func messages(_ request: String) async throws -> [String] {
                try await dax.call("DescribeEvents", request)["Events"]?.texts("Message") ?? []
            }
            #expect(try await messages("{}") == ["Parameter group created.", "Added node songs-b."])
            let cluster = ["Added node songs-b.", "Cluster created."]
            #expect(try await messages(#"{"SourceName":"songs","Duration":4320}"#) == cluster)
            #expect(try await messages(#"{"SourceType":"CLUSTER","Duration":4320}"#) == cluster)
            #expect(
                try await dax.error("DescribeEvents", #"{"StartTime":1,"EndTime":2,"Duration":3}"#)
                    == "InvalidParameterCombinationException")
            dax.host.clock.advance(by: .seconds(13 * 86400))
            try await dax.call("DeleteCluster", #"{"ClusterName":"songs"}"#)
            #expect(
                try await messages(#"{"SourceType":"CLUSTER","Duration":20160}"#)
                    == ["Cluster deleted.", "Added node songs-b."])
        }
    }
}
