/// The types of resources that templates can have here: a table of contents.
enum ResourceCatalog {
    static let types: [String: any ResourceType] = Dictionary(
        uniqueKeysWithValues: all.map { ($0.name, CatalogedType(type: $0)) })

    private static let all: [any ResourceType] =
        [
            ScalableTarget(), ScalingPolicy(),
            DAXCluster(), DAXParameterGroup(), DAXSubnetGroup(),
            DynamoDBTable(),
            IAMGroup(), IAMInstanceProfile(), IAMManagedPolicy(), IAMPolicy(), IAMRole(), IAMUser(),
            IAMInlinePolicy(kind: .group), IAMInlinePolicy(kind: .role), IAMInlinePolicy(kind: .user),
            LogGroup(), SNSSubscription(), SNSTopic(), SQSQueue(), SQSQueuePolicy(),
            PlainName(name: "AWS::CDK::Metadata"), PlainName(name: "AWS::CloudFormation::WaitConditionHandle"),
        ] + NetworkName.all
}
