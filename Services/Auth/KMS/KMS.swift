import ServiceKit

/// AWS Key Management Service: keys that never leave it, and what they encipher.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html)
public enum KMS {
    public static func service(on host: ServiceHost) throws -> AWSService {
        let store = try KMSStore(on: host)
        let calendar = KeyCalendar(store: store, clock: host.clock, log: host.log)
        host.work("kms calendar", calendar.run)
        return AWSService("kms", errors: .json, operations: keys(store) + messages(store) + access(store))
    }

    private static func keys(_ store: KMSStore) -> [any AWSOperation] {
        [
            CreateKey(store: store), DescribeKey(store: store), ListKeys(store: store), EnableKey(store: store),
            DisableKey(store: store), UpdateKeyDescription(store: store), ScheduleKeyDeletion(store: store),
            CancelKeyDeletion(store: store), EnableKeyRotation(store: store), DisableKeyRotation(store: store),
            GetKeyRotationStatus(store: store), ListKeyRotations(store: store), RotateKeyOnDemand(store: store),
            CreateAlias(store: store), UpdateAlias(store: store), DeleteAlias(store: store), ListAliases(store: store),
            TagResource(store: store), UntagResource(store: store), ListResourceTags(store: store),
        ]
    }

    private static func messages(_ store: KMSStore) -> [any AWSOperation] {
        [
            Encrypt(store: store), Decrypt(store: store), ReEncrypt(store: store), GenerateDataKey(store: store),
            GenerateDataKeyWithoutPlaintext(store: store), GenerateRandom(), GenerateMac(store: store),
            VerifyMac(store: store), Sign(store: store), Verify(store: store), GetPublicKey(store: store),
            GenerateDataKeyPair(store: store), GenerateDataKeyPairWithoutPlaintext(store: store),
        ]
    }

    private static func access(_ store: KMSStore) -> [any AWSOperation] {
        [
            GetKeyPolicy(store: store), PutKeyPolicy(store: store), ListKeyPolicies(store: store),
            CreateGrant(store: store), ListGrants(store: store), RetireGrant(store: store), RevokeGrant(store: store),
            ListRetirableGrants(store: store),
        ]
    }
}
