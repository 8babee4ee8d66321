import TemplateLanguage

/// What AWS's reference says of replacements and its schemas do not, or leave to a condition.
extension ResourceSchema {
    func ruledReplacement(for property: String, from old: TemplateMap, to new: TemplateMap) -> Replacement? {
        guard old[property] != new[property] else { return .never }
        switch (typeName, property) {
        case ("AWS::DynamoDB::Table", "LocalSecondaryIndexes"): return .always
        case ("AWS::DynamoDB::Table", "AttributeDefinitions"), ("AWS::DynamoDB::GlobalTable", "AttributeDefinitions"):
            return Self.givesAnotherType(old[property], new[property]) ? .always : .never
        // A tenancy can only be loosened in place.
        case ("AWS::EC2::VPC", "InstanceTenancy"): return new[property]?.text == "default" ? .never : .always
        case ("AWS::EC2::Subnet", "Ipv6CidrBlock"), ("AWS::SNS::Subscription", "Region"): return .never
        default: return nil
        }
    }

    /// Whether an attribute that was defined gets another type.
    private static func givesAnotherType(_ old: TemplateValue?, _ new: TemplateValue?) -> Bool {
        func types(_ value: TemplateValue?) -> [String: String] {
            let pairs = (value?.list ?? []).compactMap { item in
                item.map?["AttributeName"]?.text.map { ($0, item.map?["AttributeType"]?.text ?? "") }
            }
            return Dictionary(pairs, uniquingKeysWith: { $1 })
        }
        let after = types(new)
        return types(old).contains { name, type in after[name].map { $0 != type } ?? false }
    }
}
