import ServiceKit
import TemplateLanguage
import TestSupport
import Testing

@testable import CloudFormation

@Suite("AWS::EC2 networks")
struct NetworkResourceTests {
    private func make(_ type: String, _ properties: String, _ logicalID: String = "Thing") async throws
        -> PhysicalResource
    {
        var made: PhysicalResource?
        try await ResourceHost.with([:]) { host in
            made = try await host.create("AWS::EC2::\(type)", properties, in: host.context(logicalID))
            // A second attempt gives the same.
            let again = try await host.create(
                "AWS::EC2::\(type)", properties, in: host.context(logicalID, isRetry: true))
            #expect(again == made)
        }
        return try #require(made)
    }

    @Test("are names in EC2's form, and say that they restrict nothing")
    func names() async throws {
        let vpc = try await make("VPC", #"{"CidrBlock":"10.0.0.0/16","EnableDnsSupport":"true"}"#)
        #expect(vpc.id.wholeMatch(of: /vpc-[0-9a-f]{17}/) != nil)
        #expect(vpc.attributes["CidrBlock"] == .string("10.0.0.0/16"))
        #expect(vpc.attributes["DefaultSecurityGroup"]?.text?.hasPrefix("sg-") == true)
        #expect(vpc.attributes["EnableDnsSupport"] == .bool(true))
        #expect(vpc.note?.contains("restricts no traffic") == true)
        let subnet = try await make("Subnet", #"{"VpcId":"\#(vpc.id)","CidrBlock":"10.0.1.0/24"}"#)
        #expect(subnet.attributes["AvailabilityZone"] == .string("us-east-1a"))
        #expect(subnet.attributes["VpcId"] == .string(vpc.id))
        let group = try await make("SecurityGroup", #"{"GroupDescription":"d","VpcId":"\#(vpc.id)"}"#)
        #expect(group.attributes["GroupId"] == .string(group.id))
        #expect(group.attributes["GroupName"]?.text?.hasPrefix("my-stack-Thing-") == true)
        let other = try await make("Subnet", #"{"VpcId":"\#(vpc.id)","CidrBlock":"10.0.2.0/24"}"#, "Other")
        #expect(other.id != subnet.id)
    }

    @Test("have IDs of more than one part as AWS has them")
    func parts() async throws {
        let route = try await make("Route", #"{"RouteTableId":"rtb-1","DestinationCidrBlock":"0.0.0.0/0"}"#)
        #expect(route.id == "rtb-1|0.0.0.0/0")
        let attachment = try await make("VPCGatewayAttachment", #"{"VpcId":"vpc-1","InternetGatewayId":"igw-1"}"#)
        #expect(attachment.id == "IGW|vpc-1" && attachment.attributes["AttachmentType"] == .string("IGW"))
        let address = try await make("EIP", #"{"Domain":"vpc"}"#)
        #expect(address.reference.wholeMatch(of: /198\.1[89]\.\d+\.\d+/) != nil)
        #expect(address.attributes["AllocationId"]?.text?.hasPrefix("eipalloc-") == true)
    }

    @Test("refuse a range of addresses that is none")
    func ranges() async throws {
        for range in ["10.0.0.0", "10.0.0/8", "10.0.0.0/33", "300.0.0.0/8", ""] {
            let error = await #expect(throws: ServiceError.self) {
                try await make("VPC", #"{"CidrBlock":"\#(range)"}"#)
            }
            #expect(error?.code == "InvalidParameterValue", "\(range)")
        }
    }

    @Test("every one of them can be made, read and deleted")
    func all() async throws {
        try await ResourceHost.with([:]) { host in
            for name in NetworkName.all.map(\.name) {
                let type = try host.type(name)
                let made = try await type.create(TemplateMap(), planned: nil, in: host.context())
                let read = try await type.read(made.id, TemplateMap(), in: host.context())
                #expect(read == made, "\(name)")
                let schema = try #require(ResourceSchema.named(name))
                for attribute in made.attributes.keys {
                    #expect(schema.hasAttribute(attribute), "\(name) \(attribute)")
                }
                try await type.delete(made.id, TemplateMap(), in: host.context())
            }
        }
    }
}
