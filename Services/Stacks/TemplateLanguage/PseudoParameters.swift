/// `AWS::StackName` and its like.
public struct PseudoParameters: Sendable {
    static let names: Set<String> = [
        "AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue", "AWS::Partition", "AWS::Region", "AWS::StackId",
        "AWS::StackName", "AWS::URLSuffix",
    ]

    public var accountID, region, stackID, stackName: String
    public var notificationARNs: [String]

    public init(accountID: String, region: String, stackID: String, stackName: String, notificationARNs: [String] = [])
    {
        (self.accountID, self.region, self.stackID, self.stackName) = (accountID, region, stackID, stackName)
        self.notificationARNs = notificationARNs
    }

    /// - Returns: `nil` for `AWS::NoValue` and any other name.
    func value(_ name: String) -> TemplateValue? {
        switch name {
        case "AWS::AccountId": .string(accountID)
        case "AWS::NotificationARNs": .list(notificationARNs.map { .string($0) })
        case "AWS::Partition": .string(partition)
        case "AWS::Region": .string(region)
        case "AWS::StackId": .string(stackID)
        case "AWS::StackName": .string(stackName)
        case "AWS::URLSuffix": .string(partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com")
        default: nil
        }
    }

    private var partition: String {
        if region.hasPrefix("cn-") { return "aws-cn" }
        return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    }
}
