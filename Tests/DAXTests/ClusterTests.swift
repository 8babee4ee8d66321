import ServiceKit
import TestSupport
import Testing

@Suite("DAX clusters")
struct ClusterTests {
    private static let arn = "arn:aws:dax:us-east-1:000000000000:cache/songs"

    @Test("are created, shown with their nodes, and deleted")
    func lifecycle() async throws {
        try await DAXHost.with { dax in
            let created = try #require(try await dax.createCluster("Songs", nodes: 3)["Cluster"])
            #expect(created["ClusterName"]?.string == "songs")
            #expect(created["ClusterArn"]?.string == Self.arn)
            #expect(created["Status"]?.string == "creating")
            #expect(created["Nodes"] == nil)
            let cluster = try #require(try await dax.cluster("SONGS"))
            #expect(cluster["Status"]?.string == "available")
            #expect(cluster["TotalNodes"]?.int64 == 3 && cluster["ActiveNodes"]?.int64 == 3)
            #expect(cluster["Nodes"]?.texts("NodeId") == ["songs-a", "songs-b", "songs-c"])
            let zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
            #expect(cluster["Nodes"]?.texts("AvailabilityZone") == zones)
            #expect(cluster["ClusterDiscoveryEndpoint"]?["Address"]?.string == "localhost")
            #expect(cluster["ClusterDiscoveryEndpoint"]?["Port"]?.int64 == 4566)
            #expect(cluster["ClusterDiscoveryEndpoint"]?["URL"]?.string == "http://localhost:4566")
            #expect(cluster["ParameterGroup"]?["ParameterGroupName"]?.string == "default.dax1.0")
            #expect(cluster["SSEDescription"]?["Status"]?.string == "DISABLED")
            #expect(try await dax.error("CreateCluster", DAXHost.cluster("songs")) == "ClusterAlreadyExistsFault")
            let deleted = try await dax.call("DeleteCluster", #"{"ClusterName":"songs"}"#)["Cluster"]
            #expect(deleted?["Status"]?.string == "deleting")
            #expect(try await dax.error("DeleteCluster", #"{"ClusterName":"songs"}"#) == "ClusterNotFoundFault")
            #expect(try await dax.error("DescribeClusters", #"{"ClusterNames":["songs"]}"#) == "ClusterNotFoundFault")
        }
    }

    @Test("keep all they were told, over a restart")
    func settings() async throws {
        try await TemporaryFolder.with { folder in
            try await DAXHost.with(folder: folder) { dax in
                try await dax.call(
                    "CreateSubnetGroup", #"{"SubnetGroupName":"Nets","SubnetIds":["subnet-1","subnet-2"]}"#)
                try await dax.call("CreateParameterGroup", #"{"ParameterGroupName":"times"}"#)
                try await dax.createCluster(
                    nodes: 2,
                    more: """
                        ,"Description":"of songs","AvailabilityZones":["us-east-1c","us-east-1d"],\
                        "SubnetGroupName":"nets","SecurityGroupIds":["sg-1"],"ParameterGroupName":"times",\
                        "PreferredMaintenanceWindow":"sun:05:00-sun:09:00",\
                        "NotificationTopicArn":"arn:aws:sns:us-east-1:000000000000:news",\
                        "SSESpecification":{"Enabled":true},"ClusterEndpointEncryptionType":"TLS",\
                        "NetworkType":"ipv4","Tags":[{"Key":"a","Value":"b"}]
                        """)
            }
            try await DAXHost.with(folder: folder) { dax in
                let cluster = try #require(try await dax.cluster())
                #expect(cluster["Description"]?.string == "of songs")
                #expect(cluster["Nodes"]?.texts("AvailabilityZone") == ["us-east-1c", "us-east-1d"])
                #expect(cluster["SubnetGroup"]?.string == "nets")
                #expect(cluster["SecurityGroups"]?.texts("SecurityGroupIdentifier") == ["sg-1"])
                #expect(cluster["ParameterGroup"]?["ParameterGroupName"]?.string == "times")
                #expect(cluster["PreferredMaintenanceWindow"]?.string == "sun:05:00-sun:09:00")
                #expect(cluster["NotificationConfiguration"]?["TopicStatus"]?.string == "active")
                #expect(cluster["SSEDescription"]?["Status"]?.string == "ENABLED")
                #expect(cluster["ClusterEndpointEncryptionType"]?.string == "TLS")
                let tags = try await dax.call("ListTags", #"{"ResourceName":"\#(Self.arn)"}"#)["Tags"]
                #expect(tags?.texts("Key") == ["a"] && tags?.texts("Value") == ["b"])
            }
        }
    }

    @Test(
        "are refused where they break a rule",
        arguments: [
            (DAXHost.cluster("1songs"), "InvalidParameterValueException"),
            (DAXHost.cluster("songs-"), "InvalidParameterValueException"),
            (DAXHost.cluster("so--ngs"), "InvalidParameterValueException"),
            (DAXHost.cluster("a23456789012345678901"), "InvalidParameterValueException"),
            (DAXHost.cluster(nodes: 0), "InvalidParameterValueException"),
            (DAXHost.cluster(nodes: 12), "NodeQuotaForClusterExceededFault"),
            (DAXHost.cluster(more: #","AvailabilityZones":["a","b"]"#), "InvalidParameterCombinationException"),
            (DAXHost.cluster(more: #","SubnetGroupName":"nets""#), "SubnetGroupNotFoundFault"),
            (DAXHost.cluster(more: #","ParameterGroupName":"times""#), "ParameterGroupNotFoundFault"),
            (DAXHost.cluster(more: #","PreferredMaintenanceWindow":"sun""#), "InvalidParameterValueException"),
            (
                DAXHost.cluster(more: #","PreferredMaintenanceWindow":"sun:05:00-sun:05:30""#),
                "InvalidParameterValueException"
            ),
            (DAXHost.cluster(more: #","Tags":[{"Key":"aws:a","Value":"b"}]"#), "InvalidParameterValueException"),
            (DAXHost.cluster().replacing("dax.t3.small", with: "db.t3.small"), "InvalidParameterValueException"),
            (DAXHost.cluster().replacing("arn:aws:iam", with: "arn:aws:s3"), "InvalidParameterValueException"),
            (#"{"ClusterName":"songs"}"#, "InvalidParameterValueException"),
        ])
    func invalid(request: String, code: String) async throws {
        try await DAXHost.with { dax in
            let (answer, names) = (try await dax.error("CreateCluster", request), try await dax.clusterNames())
            #expect(answer == code)
            #expect(names.isEmpty)
        }
    }

    @Test("are changed")
    func update() async throws {
        try await DAXHost.with { dax in
            try await dax.call("CreateParameterGroup", #"{"ParameterGroupName":"times"}"#)
            try await dax.createCluster()
            let answer = try await dax.call(
                "UpdateCluster",
                """
                {"ClusterName":"songs","Description":"new","ParameterGroupName":"times","SecurityGroupIds":["sg-2"],\
                "NotificationTopicArn":"arn:aws:sns:us-east-1:000000000000:news","NotificationTopicStatus":"inactive"}
                """)
            #expect(answer["Cluster"]?["Status"]?.string == "modifying")
            let cluster = try #require(try await dax.cluster())
            #expect(cluster["Status"]?.string == "available")
            #expect(cluster["Description"]?.string == "new")
            #expect(cluster["ParameterGroup"]?["ParameterGroupName"]?.string == "times")
            #expect(cluster["NotificationConfiguration"]?["TopicStatus"]?.string == "inactive")
            #expect(try await dax.error("UpdateCluster", #"{"ClusterName":"other"}"#) == "ClusterNotFoundFault")
            #expect(
                try await dax.error("UpdateCluster", #"{"ClusterName":"songs","ParameterGroupName":"none"}"#)
                    == "ParameterGroupNotFoundFault")
        }
    }

    @Test("grow, shrink and reboot node by node")
    func nodes() async throws {
        try await DAXHost.with { dax in
            try await dax.createCluster()
            dax.host.clock.advance(by: .seconds(1))
            let grown = try await dax.call(
                "IncreaseReplicationFactor", #"{"ClusterName":"songs","NewReplicationFactor":3}"#)["Cluster"]
            #expect(grown?["Status"]?.string == "modifying")
            #expect(grown?["Nodes"]?.texts("NodeStatus") == ["available", "creating", "creating"])
            let removed = try await dax.call(
                "DecreaseReplicationFactor",
                #"{"ClusterName":"songs","NewReplicationFactor":2,"NodeIdsToRemove":["songs-b"]}"#)["Cluster"]
            #expect(removed?["NodeIdsToRemove"]?.strings == ["songs-b"])
            #expect(try await dax.cluster()?["Nodes"]?.texts("NodeId") == ["songs-a", "songs-c"])
            let rebooted = try await dax.call("RebootNode", #"{"ClusterName":"songs","NodeId":"songs-c"}"#)["Cluster"]
            #expect(rebooted?["Nodes"]?.texts("NodeStatus") == ["available", "rebooting"])
            for (operation, more, code) in [
                ("IncreaseReplicationFactor", #""NewReplicationFactor":2"#, "InvalidParameterValueException"),
                ("IncreaseReplicationFactor", #""NewReplicationFactor":12"#, "NodeQuotaForClusterExceededFault"),
                (
                    "IncreaseReplicationFactor", #""NewReplicationFactor":4,"AvailabilityZones":["us-east-1a"]"#,
                    "InvalidParameterCombinationException"
                ),
                ("DecreaseReplicationFactor", #""NewReplicationFactor":0"#, "InvalidParameterValueException"),
                ("DecreaseReplicationFactor", #""NewReplicationFactor":2"#, "InvalidParameterValueException"),
                (
                    "DecreaseReplicationFactor", #""NewReplicationFactor":1,"NodeIdsToRemove":["songs-x"]"#,
                    "NodeNotFoundFault"
                ),
                ("RebootNode", #""NodeId":"songs-x""#, "NodeNotFoundFault"),
            ] {
                #expect(
                    try await dax.error(operation, #"{"ClusterName":"songs",\#(more)}"#) == code, "\(operation) \(more)"
                )
            }
            try await dax.call(
                "DecreaseReplicationFactor",
                #"{"ClusterName":"songs","NewReplicationFactor":1,"AvailabilityZones":["us-east-1a"]}"#)
            #expect(try await dax.cluster()?["Nodes"]?.texts("NodeId") == ["songs-c"])
        }
    }

    @Test("have an account's nodes between them, and come in pages")
    func pagesAndQuota() async throws {
        try await DAXHost.with { dax in
            for number in 10..<60 { try await dax.createCluster("c\(number)") }
            #expect(try await dax.error("CreateCluster", DAXHost.cluster()) == "NodeQuotaForCustomerExceededFault")
            var names: [String] = []
            var token: String?
            repeat {
                let more = token.map { #","NextToken":"\#($0)""# } ?? ""
                let page = try await dax.call("DescribeClusters", #"{"MaxResults":20\#(more)}"#)
                names += page["Clusters"]?.texts("ClusterName") ?? []
                token = page["NextToken"]?.string
            } while token != nil
            #expect(names == (10..<60).map { "c\($0)" })
            for request in [#"{"MaxResults":19}"#, #"{"MaxResults":101}"#, #"{"NextToken":"none"}"#] {
                #expect(try await dax.error("DescribeClusters", request) == "InvalidParameterValueException")
            }
        }
    }

    @Test("have tags")
    func tags() async throws {
        try await DAXHost.with { dax in
            try await dax.createCluster()
            let tagged = try await dax.call(
                "TagResource",
                #"{"ResourceName":"\#(Self.arn)","Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}"#)
            #expect(tagged["Tags"]?.texts("Key") == ["a", "b"])
            let untagged = try await dax.call(
                "UntagResource", #"{"ResourceName":"\#(Self.arn)","TagKeys":["a"]}"#)
            #expect(untagged["Tags"]?.texts("Key") == ["a"])
            let listed = try await dax.call("ListTags", #"{"ResourceName":"\#(Self.arn)"}"#)
            #expect(listed["Tags"]?.texts("Key") == ["b"])
            let name = #""ResourceName":"\#(Self.arn)""#
            #expect(try await dax.error("UntagResource", #"{\#(name),"TagKeys":["a"]}"#) == "TagNotFoundFault")
            let many = (0..<50).map { #"{"Key":"k\#($0)","Value":""}"# }.joined(separator: ",")
            #expect(
                try await dax.error("TagResource", #"{\#(name),"Tags":[\#(many)]}"#) == "TagQuotaPerResourceExceeded")
            #expect(try await dax.error("ListTags", #"{"ResourceName":"songs"}"#) == "InvalidARNFault")
            #expect(try await dax.error("ListTags", #"{"ResourceName":"\#(Self.arn)x"}"#) == "ClusterNotFoundFault")
        }
    }

    @Test("are seen by their own account and region alone, and need permissions on themselves")
    func permissions() async throws {
        let authorizer = RecordingAuthorizer()
        try await DAXHost.with(authorizer: authorizer) { dax in
            try await dax.createCluster()
            #expect(
                authorizer.seen == [
                    "dax:CreateCluster on \(Self.arn)", "iam:PassRole on arn:aws:iam::000000000000:role/dax",
                ])
            let other = try await dax.host.call("dax", "DescribeClusters", as: .root(of: "111111111111"))
            #expect(other["Clusters"]?.elements.first { _ in true } == nil)
        }
    }
}
