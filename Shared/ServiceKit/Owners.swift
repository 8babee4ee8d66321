/// Which executable owns the state of which service: the one table that gateway and services route by.
public enum Owners {
    /// `nil` for a service that nobody serves yet.
    public static func owner(of service: String) -> String? { table[service] }

    /// Every AWS service that somebody serves, by name.
    public static let services = table.keys.filter { !$0.hasPrefix("apus.") }.sorted()

    /// Every executable that serves the bus, in the order they start.
    public static let all = [
        "auth", "tables", "objects", "messages", "monitoring", "functions", "apis", "stacks", "email", "thumbnails",
    ]

    private static let table: [String: String] = [
        "iam": "auth", "sts": "auth", "cognito-idp": "auth", "cognito-identity": "auth", "kms": "auth",
        "apus.auth": "auth",
        "dynamodb": "tables", "dynamodbstreams": "tables", "dax": "tables", "application-autoscaling": "tables",
        "apus.tables": "tables",
        "s3": "objects", "s3control": "objects", "s3tables": "objects", "iceberg-catalog": "objects",
        "apus.objects": "objects",
        "sqs": "messages", "sns": "messages", "apus.messages": "messages",
        "logs": "monitoring", "apus.monitoring": "monitoring",
        "lambda": "functions", "function-url": "functions", "apus.functions": "functions",
        "apigateway": "apis", "execute-api": "apis", "apus.apis": "apis",
        "cloudformation": "stacks", "apus.stacks": "stacks",
        "ses": "email", "sesv2": "email", "inbox": "email", "apus.email": "email",
        "apus.thumbnails": "thumbnails",
    ]
}
