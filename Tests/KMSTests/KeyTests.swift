import ServiceKit
import TestSupport
import Testing

@testable import KMS

/// Keys, their states, aliases, tags, rotation and end.
@Suite struct KeyTests {
    @Test("A new key is described as AWS describes it")
    func description() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key(#""Description":"mine","Tags":[{"TagKey":"team","TagValue":"blue"}]"#)
            let reply = try await kms("DescribeKey", #"{"KeyId":"\#(key)"}"#)
            let metadata = try #require(reply["KeyMetadata"])
            #expect(metadata["Arn"]?.string == "arn:aws:kms:us-east-1:\(KMSCalls.account):key/\(key)")
            #expect(metadata["KeyState"]?.string == "Enabled")
            #expect(metadata["KeyManager"]?.string == "CUSTOMER")
            #expect(metadata["CurrentKeyMaterialId"]?.string?.utf8.count == 64)
            let tags = try await kms("ListResourceTags", #"{"KeyId":"\#(key)"}"#)
            let values = tags["Tags"]?.elements.map { $0["TagValue"]?.string }
            #expect(values == ["blue"])
        }
    }

    @Test("Disabled keys and those that will be deleted are not used, and both can come back")
    func states() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let named = #"{"KeyId":"\#(key)"}"#
            let ciphertext = try await kms.encrypt("hello", key)
            let opening = #"{"CiphertextBlob":"\#(ciphertext)"}"#
            try await kms("DisableKey", named)
            #expect(try await kms.code("Decrypt", opening) == "DisabledException")
            try await kms("EnableKey", named)
            #expect(try await kms.decrypt(ciphertext) == "hello")
            try await kms("ScheduleKeyDeletion", named)
            #expect(try await kms.code("Decrypt", opening) == "KMSInvalidStateException")
            #expect(try await kms.code("EnableKey", named) == "KMSInvalidStateException")
            try await kms("CancelKeyDeletion", named)
            #expect(try await kms.code("Decrypt", opening) == "DisabledException")
            #expect(try await kms.code("CancelKeyDeletion", named) == "KMSInvalidStateException")
        }
    }

    @Test("A key goes when its waiting time is over, with its aliases, and no earlier")
    func deletion() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            try await kms("CreateAlias", #"{"AliasName":"alias/a","TargetKeyId":"\#(key)"}"#)
            let ciphertext = try await kms.encrypt("hello", "alias/a")
            #expect(
                try await kms.code("ScheduleKeyDeletion", #"{"KeyId":"\#(key)","PendingWindowInDays":6}"#)
                    == "ValidationException")
            try await kms("ScheduleKeyDeletion", #"{"KeyId":"\#(key)","PendingWindowInDays":7}"#)
            kms.host.host.startWorkers()
            try await kms.host.until { kms.host.clock.sleeperCount > 0 }
            kms.host.clock.advance(by: .days(7) - .seconds(1))
            try await kms.host.until { kms.host.clock.sleeperCount > 0 }
            #expect(try await kms.code("DescribeKey", #"{"KeyId":"\#(key)"}"#) == nil)
            kms.host.clock.advance(by: .seconds(3601))
            try await kms.host.until {
                try await kms.code("DescribeKey", #"{"KeyId":"\#(key)"}"#) == "NotFoundException"
            }
            #expect(try await kms.code("Decrypt", #"{"CiphertextBlob":"\#(ciphertext)"}"#) == "AccessDeniedException")
            let aliases = try await kms("ListAliases")["Aliases"]?.elements
            #expect(aliases.map { Array($0).count } == 0)
        }
    }

    @Test("New material enciphers from now on, and the old opens what it enciphered")
    func rotation() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let named = #"{"KeyId":"\#(key)"}"#
            let old = try await kms.encrypt("old", key)
            try await kms("RotateKeyOnDemand", named)
            let new = try await kms.encrypt("new", key)
            #expect(try Ciphertext(#require(Base64.decode(Array(old.utf8)))).version == 1)
            #expect(try Ciphertext(#require(Base64.decode(Array(new.utf8)))).version == 2)
            #expect(try await kms.decrypt(old) == "old")
            #expect(try await kms.decrypt(new) == "new")
            let rotations = try await kms("ListKeyRotations", named)["Rotations"]?.elements
            let causes = rotations?.map { $0["RotationType"]?.string }
            #expect(causes == ["ON_DEMAND"])
        }
    }

    @Test("A key rotates by itself when its day comes")
    func automaticRotation() async throws {
        try await KMSCalls.with { kms in
            let key = try await kms.key()
            let named = #"{"KeyId":"\#(key)"}"#
            try await kms("EnableKeyRotation", #"{"KeyId":"\#(key)","RotationPeriodInDays":90}"#)
            let status = try await kms("GetKeyRotationStatus", named)
            #expect(status["KeyRotationEnabled"]?.bool == true && status["RotationPeriodInDays"]?.int64 == 90)
            kms.host.host.startWorkers()
            try await kms.host.until { kms.host.clock.sleeperCount > 0 }
            kms.host.clock.advance(by: .days(90))
            try await kms.host.until {
                let rotations = try await kms("ListKeyRotations", named)["Rotations"]?.elements
                return rotations.map { Array($0).count } == 1
            }
            try await kms("DisableKeyRotation", named)
            #expect(try await kms("GetKeyRotationStatus", named)["KeyRotationEnabled"]?.bool == false)
        }
    }

    @Test("An alias names one key after the other, and AWS's own names are nobody's")
    func aliases() async throws {
        try await KMSCalls.with { kms in
            let (one, two) = (try await kms.key(), try await kms.key())
            try await kms("CreateAlias", #"{"AliasName":"alias/app","TargetKeyId":"\#(one)"}"#)
            let again = #"{"AliasName":"alias/app","TargetKeyId":"\#(two)"}"#
            #expect(try await kms.code("CreateAlias", again) == "AlreadyExistsException")
            try await kms("UpdateAlias", again)
            let described = try await kms("DescribeKey", #"{"KeyId":"alias/app"}"#)
            #expect(described["KeyMetadata"]?["KeyId"]?.string == two)
            #expect(
                try await kms.code("CreateAlias", #"{"AliasName":"alias/aws/mine","TargetKeyId":"\#(one)"}"#)
                    == "InvalidAliasNameException")
            #expect(try await kms.code("DisableKey", #"{"KeyId":"alias/app"}"#) == "NotFoundException")
            try await kms("DeleteAlias", #"{"AliasName":"alias/app"}"#)
            #expect(try await kms.code("DescribeKey", #"{"KeyId":"alias/app"}"#) == "NotFoundException")
        }
    }

    @Test("Lists come in pages")
    func pages() async throws {
        try await KMSCalls.with { kms in
            var made: Set<String> = []
            for _ in 0..<3 { made.insert(try await kms.key()) }
            let first = try await kms("ListKeys", #"{"Limit":2}"#)
            #expect(first["Truncated"]?.bool == true)
            let marker = try #require(first["NextMarker"]?.string)
            let second = try await kms("ListKeys", #"{"Limit":2,"Marker":"\#(marker)"}"#)
            let ids = [first, second].flatMap { $0["Keys"]?.elements.compactMap { $0["KeyId"]?.string } ?? [] }
            #expect(Set(ids) == made && ids.count == 3)
            #expect(try await kms.code("ListKeys", #"{"Marker":"x"}"#) == "InvalidMarkerException")
        }
    }

    @Test("Keys outlive their process, and their material lies enciphered")
    func durability() async throws {
        try await TemporaryFolder.with { folder in
            var ciphertext = ""
            try await KMSCalls.with(folder: folder) { kms in
                ciphertext = try await kms.encrypt("hello", try await kms.key())
            }
            let sealed = ciphertext
            try await KMSCalls.with(folder: folder) { kms in
                let opened = try await kms.decrypt(sealed)
                #expect(opened == "hello")
            }
        }
    }

    @Test("What is no key's name is refused as AWS does")
    func names() async throws {
        try await KMSCalls.with { kms in
            let unknown = "11111111-2222-3333-4444-555555555555"
            let expected = [
                ("nonsense", "NotFoundException"), (unknown, "NotFoundException"),
                ("arn:aws:kms:eu-west-1:\(KMSCalls.account):key/\(unknown)", "NotFoundException"),
                ("arn:aws:s3:us-east-1:\(KMSCalls.account):key/\(unknown)", "InvalidArnException"),
                ("alias/none", "NotFoundException"),
            ]
            for (name, code) in expected {
                let found = try await kms.code("DescribeKey", #"{"KeyId":"\#(name)"}"#)
                #expect(found == code, "\(name)")
            }
            #expect(
                try await kms.code("CreateKey", #"{"KeySpec":"SM2","KeyUsage":"SIGN_VERIFY"}"#)
                    == "UnsupportedOperationException")
        }
    }
}
