import ServiceKit
import TemplateLanguage
import Testing

@testable import CloudFormation

@Suite("Schemas of resource types")
struct ResourceSchemaTests {
    private func problems(_ type: String, _ properties: String) throws -> String {
        do {
            try #require(ResourceSchema.named(type)).check(template(properties), of: "Thing")
            return "none"
        } catch let error as ServiceError {
            #expect(error.code == "ValidationError")
            let start = "Properties validation failed for resource Thing with message:\n"
            #expect(error.message.hasPrefix(start))
            return String(error.message.dropFirst(start.count))
        }
    }

    @Test("are there for every type that can be made")
    func catalogue() throws {
        for (name, type) in ResourceCatalog.types {
            let schema = try #require(ResourceSchema.named(name), "\(name)")
            let known = Set(schema.root.properties.map(\.name))
            #expect(type.properties.map { $0.subtracting(known) } ?? [] == [], "\(name)")
        }
        #expect(ResourceSchema.named("AWS::S3::Bucket") == nil, "nobody makes these yet")
        #expect(ResourceSchema.named("AWS::Nothing::AtAll") == nil)
        #expect(ResourceSchema.named("../AWS") == nil)
    }

    @Test("refuse in CloudFormation's words what is missing, unknown or of another kind")
    func words() throws {
        let type = "AWS::DAX::Cluster"
        #expect(
            try problems(type, #"{"NodeType":"dax.t3.small","IAMRoleARN":"r"}"#)
                == "#: required key [ReplicationFactor] not found")
        let cluster = #""NodeType":"dax.t3.small","IAMRoleARN":"r","ReplicationFactor":1"#
        #expect(try problems(type, "{\(cluster)}") == "none")
        #expect(try problems(type, #"{\#(cluster),"Size":1}"#) == "#: extraneous key [Size] is not permitted")
        #expect(
            try problems(type, #"{\#(cluster),"ClusterName":["a"]}"#)
                == "#/ClusterName: expected type: String, found: JSONArray")
        #expect(
            try problems(type, #"{"NodeType":{},"IAMRoleARN":"r","ReplicationFactor":"many"}"#)
                == """
                #/NodeType: expected type: String, found: JSONObject
                #/ReplicationFactor: expected type: Integer, found: String
                """)
        #expect(
            try problems(type, #"{\#(cluster),"SSESpecification":{"SSEEnabled":"yes","X":1}}"#)
                == """
                #/SSESpecification: extraneous key [X] is not permitted
                #/SSESpecification/SSEEnabled: expected type: Boolean, found: String
                """)
        // What only the service gives cannot be given.
        #expect(try problems(type, #"{\#(cluster),"Arn":"a"}"#) == "#: extraneous key [Arn] is not permitted")
    }

    @Test("hold texts, lists and numbers against their limits, and show no value")
    func limits() throws {
        let type = "AWS::DynamoDB::Table"
        let keys = #""KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]"#
        #expect(
            try problems(type, #"{\#(keys),"BillingMode":"FREE"}"#)
                == "#/BillingMode: failed validation constraint for keyword [enum]")
        #expect(
            try problems(type, #"{\#(keys),"TableName":""}"#) == "#/TableName: expected minLength: 1, actual: 0")
        #expect(
            try problems(type, #"{\#(keys),"PointInTimeRecoverySpecification":{"RecoveryPeriodInDays":99}}"#)
                == """
                #/PointInTimeRecoverySpecification: property [PointInTimeRecoveryEnabled] is required
                #/PointInTimeRecoverySpecification/RecoveryPeriodInDays: failed validation constraint for keyword \
                [maximum]
                """)
        let index = #"{"IndexName":"a b c","Projection":{"ProjectionType":"ALL"},\#(keys)}"#
        #expect(
            try problems(type, #"{\#(keys),"GlobalSecondaryIndexes":[\#(index)]}"#)
                == "#/GlobalSecondaryIndexes/0/IndexName: failed validation constraint for keyword [pattern]")
        let same = #"{"AttributeName":"p","AttributeType":"S"}"#
        #expect(
            try problems(type, #"{\#(keys),"AttributeDefinitions":[\#(same),\#(same)]}"#)
                == "#/AttributeDefinitions: array items are not unique")
    }

    @Test("take numbers and booleans written as texts, and texts written as either")
    func coercion() throws {
        let schema = try #require(ResourceSchema.named("AWS::DAX::Cluster"))
        let properties = try template(
            #"{"ClusterName":7,"ReplicationFactor":"3","SSESpecification":{"SSEEnabled":"true"},"Description":true}"#)
        let wanted = try template(
            #"{"ClusterName":"7","ReplicationFactor":3,"SSESpecification":{"SSEEnabled":true},"Description":"true"}"#)
        #expect(schema.coerced(properties) == wanted)
        #expect(schema.differences(from: properties, to: wanted) == [])
    }

    @Test("tell what differs, and what of it needs another resource")
    func replacements() throws {
        let schema = try #require(ResourceSchema.named("AWS::DAX::Cluster"))
        let old = try template(#"{"NodeType":"dax.t3.small","ReplicationFactor":"1","Description":"a"}"#)
        let new = try template(#"{"NodeType":"dax.r5.large","ReplicationFactor":1,"ClusterName":"x"}"#)
        #expect(Set(schema.differences(from: old, to: new)) == ["NodeType", "ClusterName", "Description"])
        #expect(schema.replacement(for: "NodeType", from: old, to: new) == .always)
        #expect(schema.replacement(for: "ReplicationFactor", from: old, to: new) == .never)
        #expect(schema.replacement(for: "Description", from: old, to: new) == .never)
        var open = new
        open["NodeType"] = .unknown
        #expect(schema.replacement(for: "NodeType", from: old, to: open) == .conditionally)
        #expect(schema.hasAttribute("Arn") && !schema.hasAttribute("ReplicationFactor"))
    }

    @Test("put the stack's tags where the type has its own")
    func tags() throws {
        let tags = [Tag(key: "team", value: "stack's"), Tag(key: "stage", value: "test")]
        let cluster = try #require(ResourceSchema.named("AWS::DAX::Cluster"))
        let map = try template(#"{"Tags":{"team":"own"}}"#)
        #expect(cluster.adding(tags, to: map) == (try template(#"{"Tags":{"team":"own","stage":"test"}}"#)))
        let table = try #require(ResourceSchema.named("AWS::DynamoDB::Table"))
        let list = #"{"Key":"team","Value":"own"}"#
        #expect(
            table.adding(tags, to: try template(#"{"Tags":[\#(list)]}"#))
                == (try template(#"{"Tags":[\#(list),{"Key":"stage","Value":"test"}]}"#)))
        let group = try #require(ResourceSchema.named("AWS::DAX::SubnetGroup"))
        #expect(group.adding(tags, to: TemplateMap()).isEmpty)
    }

    @Test("know lists without an order, and paths into properties")
    func paths() throws {
        let rules = try #require(ResourceSchema.named("AWS::EC2::SecurityGroup"))
        let one = #"{"IpProtocol":"tcp","FromPort":1}"#
        let two = #"{"IpProtocol":"udp","FromPort":"2"}"#
        let old = try template(#"{"SecurityGroupIngress":[\#(one),\#(two)]}"#)
        let new = try template(#"{"SecurityGroupIngress":[\#(two),\#(one)]}"#)
        #expect(rules.differences(from: old, to: new) == [])
        let endpoint = try #require(ResourceSchema.named("AWS::EC2::VPCEndpoint"))
        let before = try template(#"{"DnsOptions":{"DnsRecordIpType":"ipv4","PrivateDnsPreference":"a"}}"#)
        let after = try template(#"{"DnsOptions":{"DnsRecordIpType":"ipv6","PrivateDnsPreference":"a"}}"#)
        let other = try template(#"{"DnsOptions":{"DnsRecordIpType":"ipv4","PrivateDnsPreference":"b"}}"#)
        #expect(endpoint.differences(from: before, to: after) == ["DnsOptions"])
        #expect(endpoint.replacement(for: "DnsOptions", from: before, to: after) == .never)
        #expect(endpoint.replacement(for: "DnsOptions", from: before, to: other) == .always)
    }
}
