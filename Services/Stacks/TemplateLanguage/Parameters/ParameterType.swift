/// The types parameters can have.
///
/// [Parameters](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html),
/// [supplied parameter types](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html)
enum ParameterType {
    private static let plain: Set<String> = ["String", "Number", "CommaDelimitedList", "AWS::SSM::Parameter::Name"]
    private static let resources: Set<String> = [
        "AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id",
        "AWS::EC2::KeyPair::KeyName", "AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id",
        "AWS::EC2::Subnet::Id", "AWS::EC2::VPC::Id", "AWS::EC2::Volume::Id", "AWS::Route53::HostedZone::Id",
    ]
    private static let stored = "AWS::SSM::Parameter::Value<"

    static func isKnown(_ type: String) -> Bool {
        if plain.contains(type) || isListable(type) || isList(type) { return true }
        guard type.hasPrefix(stored), type.hasSuffix(">") else { return false }
        let inner = String(type.dropFirst(stored.count).dropLast())
        return ["String", "CommaDelimitedList"].contains(inner) || isListable(inner) || isList(inner)
    }

    private static func isList(_ type: String) -> Bool {
        guard type.hasPrefix("List<"), type.hasSuffix(">") else { return false }
        let inner = String(type.dropFirst(5).dropLast())
        return ["String", "Number"].contains(inner) || isListable(inner)
    }

    private static func isListable(_ type: String) -> Bool { resources.contains(type) }
}
