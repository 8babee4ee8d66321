import TemplateLanguage

/// The parts of networks that templates can have.
extension NetworkName {
    static let all: [NetworkName] = [
        address, cidrBlock, endpoint, internetGateway, natGateway, route, routeTable, securityGroup, subnet, vpc,
        gatewayAttachment, id("NetworkAcl", "acl"), id("NetworkAclEntry", "acle"), id("SecurityGroupEgress", "sgr"),
        id("SecurityGroupIngress", "sgr"), id("SubnetNetworkAclAssociation", "aclassoc", attribute: "AssociationId"),
        id("SubnetRouteTableAssociation", "rtbassoc"),
    ]

    /// A part that tells nothing but its ID.
    private static func id(_ type: String, _ prefix: String, attribute: String = "Id") -> NetworkName {
        NetworkName(name: "AWS::EC2::\(type)", prefix: prefix, attributes: { [attribute: .string($0.id)] })
    }

    private static let internetGateway = id("InternetGateway", "igw", attribute: "InternetGatewayId")
    private static let routeTable = id("RouteTable", "rtb", attribute: "RouteTableId")

    private static let vpc = NetworkName(
        name: "AWS::EC2::VPC", prefix: "vpc",
        attributes: { facts in
            [
                "VpcId": .string(facts.id), "DefaultNetworkAcl": .string(facts.related("acl")),
                "DefaultSecurityGroup": .string(facts.related("sg")), "Ipv6CidrBlocks": .list([]),
                "CidrBlockAssociations": .list([.string(facts.related("vpc-cidr-assoc"))]),
                "InstanceTenancy": facts.text("InstanceTenancy") ?? .string("default"),
                "EnableDnsSupport": facts.properties["EnableDnsSupport"] ?? .bool(true),
                "EnableDnsHostnames": facts.properties["EnableDnsHostnames"] ?? .bool(false),
            ]
        }, range: "CidrBlock")

    private static let subnet = NetworkName(
        name: "AWS::EC2::Subnet", prefix: "subnet",
        attributes: { facts in
            let region = facts.context.place.region
            return [
                "SubnetId": .string(facts.id), "Ipv6CidrBlocks": .list([]),
                "AvailabilityZone": facts.text("AvailabilityZone") ?? .string(region + "a"),
                "NetworkAclAssociationId": .string(facts.related("aclassoc")),
            ]
        }, range: "CidrBlock")

    private static let securityGroup = NetworkName(
        name: "AWS::EC2::SecurityGroup", prefix: "sg",
        attributes: { facts in
            let name = "\(facts.context.stackName)-\(facts.context.logicalID)-\(facts.id.suffix(12).uppercased())"
            return [
                "GroupId": .string(facts.id), "Id": .string(facts.id),
                "GroupName": facts.text("GroupName") ?? .string(name),
            ]
        })

    private static let cidrBlock = NetworkName(
        name: "AWS::EC2::VPCCidrBlock", prefix: "vpc-cidr-assoc", attributes: { ["Id": .string($0.id)] },
        range: "CidrBlock")

    private static let natGateway = NetworkName(
        name: "AWS::EC2::NatGateway", prefix: "nat",
        attributes: { ["NatGatewayId": .string($0.id), "EniId": .string($0.related("eni"))] })

    private static let endpoint = NetworkName(
        name: "AWS::EC2::VPCEndpoint", prefix: "vpce",
        attributes: { ["Id": .string($0.id), "DnsEntries": .list([]), "NetworkInterfaceIds": .list([])] })

    /// `rtb-0a1b…|0.0.0.0/0`
    private static let route = NetworkName(
        name: "AWS::EC2::Route", prefix: "r",
        physicalID: { "\($0.properties.text("RouteTableId") ?? "")|\(Self.destination(of: $0.properties))" },
        attributes: { ["CidrBlock": .string(Self.destination(of: $0.properties))] })

    private static func destination(of properties: TemplateMap) -> String {
        ["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"].lazy
            .compactMap { properties.text($0) }.first ?? ""
    }

    /// `IGW|vpc-0a1b…`
    private static let gatewayAttachment = NetworkName(
        name: "AWS::EC2::VPCGatewayAttachment", prefix: "attach",
        physicalID: { "\(Self.attachment(of: $0.properties))|\($0.properties.text("VpcId") ?? "")" },
        attributes: { ["AttachmentType": .string(Self.attachment(of: $0.properties))] })

    private static func attachment(of properties: TemplateMap) -> String {
        properties["VpnGatewayId"] == nil ? "IGW" : "VGW"
    }

    /// Addresses are of 198.18.0.0/15, which no network routes (RFC 2544).
    private static let address = NetworkName(
        name: "AWS::EC2::EIP", prefix: "eipalloc",
        physicalID: { facts in
            let number = UInt32(hexadecimal(of: facts.id, count: 8), radix: 16) ?? 0
            return "198.\(18 + number >> 16 & 1).\(number >> 8 & 255).\(number & 255)"
        },
        attributes: { ["PublicIp": .string($0.id), "AllocationId": .string($0.related("eipalloc"))] })
}
