import ServiceKit

/// The keys that services have of their own in every account: made when they are first asked for.
enum ManagedKeys {
    /// What stands behind `alias/aws/`, and the service's name in `kms:ViaService` where it is another.
    private static let services = [
        "acm": "acm", "dynamodb": "dynamodb", "ebs": "ec2", "elasticfilesystem": "elasticfilesystem",
        "kinesis": "kinesis", "lambda": "lambda", "logs": "logs", "rds": "rds", "s3": "s3",
        "secretsmanager": "secretsmanager", "sns": "sns", "sqs": "sqs", "ssm": "ssm", "xray": "xray",
    ]

    /// The key an alias stands for; `nil` where the alias is none of AWS's.
    static func key(for alias: String, account: String, region: String, at now: Timestamp) -> Key? {
        guard alias.hasPrefix(Alias.reservedPrefix) else { return nil }
        let name = String(alias.dropFirst(Alias.reservedPrefix.utf8.count))
        guard let service = services[name] else { return nil }
        return Key(
            id: Identifier.uuid(), account: account, region: region, created: now, spec: .symmetric,
            usage: .encryptDecrypt, keeper: .aws,
            description: "Default key that protects my \(name) data when no other key is defined", state: .enabled,
            policy: KeyPolicy.managed(by: service, account: account, region: region), tags: [],
            rotation: Key.Rotation(days: Key.Rotation.defaultDays, next: now + .days(Key.Rotation.defaultDays)))
    }
}

extension Duration {
    static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
