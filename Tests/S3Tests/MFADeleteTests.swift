import IAM
import ServiceKit
import TestSupport
import Testing

@testable import S3

/// A bucket whose versions go only by a code, with an IAM on the bus that knows root's device.
@Suite("MFA Delete") struct MFADeleteTests {
    private static let account = TestHost.account
    private static let ann = Caller(
        .user, account: account, arn: "arn:aws:iam::\(account):user/ann", userID: "AIDAANN", accessKeyID: "AKIAANN")

    private struct Setting {
        let s3: S3Fixture
        let auth: TestHost
        let device: Authenticator

        /// The member that claims a code never shown before.
        func claim() -> String {
            auth.clock.advance(by: .seconds(30))
            return #","MFA":"\#(device.serial) \#(device.code(at: auth.clock.now))""#
        }

        func version(_ status: String = "Enabled", mfaDelete: String? = nil, _ more: String = "") -> String {
            let mfaDelete = mfaDelete.map { #","MFADelete":"\#($0)""# } ?? ""
            return #"{"Bucket":"pictures","VersioningConfiguration":{"Status":"\#(status)"\#(mfaDelete)}\#(more)}"#
        }

        func state() async throws -> [String?] {
            let answer = try await s3.call("GetBucketVersioning", #"{"Bucket":"pictures"}"#)
            return [answer["Status"]?.string, answer["MFADelete"]?.string]
        }

        func enable() async throws {
            try await s3.call("PutBucketVersioning", version(mfaDelete: "Enabled", claim()))
        }

        func versions() async throws -> [String] {
            let listed = try await s3.call("ListObjectVersions", #"{"Bucket":"pictures"}"#)
            return listed["Versions"]?.elements.compactMap { $0["VersionId"]?.string } ?? []
        }

        func delete(_ version: String?, _ more: String = "") -> String {
            let version = version.map { #","VersionId":"\#($0)""# } ?? ""
            return #"{"Bucket":"pictures","Key":"a"\#(version)\#(more)}"#
        }

        func batch(_ versions: [String?], _ more: String = "") -> String {
            let objects = versions.map { #"{"Key":"a"\#($0.map { #","VersionId":"\#($0)""# } ?? "")}"# }
            return #"{"Bucket":"pictures","Delete":{"Objects":[\#(objects.joined(separator: ","))]}\#(more)}"#
        }
    }

    private func with(_ body: (Setting) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            try await TestHost.with("auth", folder: folder, { try IAM.parts(on: $0).services }) { auth -> Void in
                try auth.serve()
                let made = try await auth.call(
                    "iam", "CreateVirtualMFADevice", #"{"VirtualMFADeviceName":"root-account-mfa-device"}"#)
                let device = try #require(Authenticator(made))
                let codes = device.pair(at: auth.clock.now)
                try await auth.call(
                    "iam", "EnableMFADevice", #"{"UserName":"root","SerialNumber":"\#(device.serial)",\#(codes)}"#)
                try await S3Fixture.with(folder) { s3 -> Void in
                    try await s3.createBucket()
                    try await body(Setting(s3: s3, auth: auth, device: device))
                }
            }
        }
    }

    @Test("It is turned on and off by a code of root's, and told of once it was ever set")
    func settings() async throws {
        try await with { it in
            func refusal(_ input: String) async throws -> String? {
                try await it.s3.error("PutBucketVersioning", input)?.code
            }
            #expect(try await it.state() == [nil, nil])
            #expect(try await refusal(it.version(mfaDelete: "Enabled")) == "AccessDenied")
            #expect(try await it.state() == [nil, nil])
            try await it.s3.call("PutBucketVersioning", it.version(mfaDelete: "Disabled"))
            #expect(try await it.state() == ["Enabled", "Disabled"])
            try await it.enable()
            #expect(try await it.state() == ["Enabled", "Enabled"])
            for status in ["Enabled", "Suspended"] {
                #expect(try await refusal(it.version(status)) == "AccessDenied")
                #expect(try await refusal(it.version(status, mfaDelete: "Disabled")) == "AccessDenied")
            }
            try await it.s3.call("PutBucketVersioning", it.version("Suspended", it.claim()))
            #expect(try await it.state() == ["Suspended", "Enabled"])
            try await it.s3.call("PutBucketVersioning", it.version(mfaDelete: "Disabled", it.claim()))
            #expect(try await it.state() == ["Enabled", "Disabled"])
            try await it.s3.call("PutBucketVersioning", it.version("Suspended"))
        }
    }

    @Test("Claims that are none, of others' devices, with wrong codes and of anybody but root are refused")
    func claims() async throws {
        try await with { it in
            let input = { (claim: String) in it.version(mfaDelete: "Enabled", #","MFA":"\#(claim)""#) }
            let code = it.device.code(at: it.auth.clock.now, ahead: 1)
            for header in ["123456", "", " 123456", "\(it.device.serial)  \(code)", "a b c"] {
                let refusal = try await it.s3.error("PutBucketVersioning", input(header))
                #expect(refusal?.code == "InvalidArgument" && refusal?.status == 400, "\(header)")
            }
            let expected = [
                ("\(it.device.serial) 000000", "TokenCodeInvalidError"),
                ("arn:aws:iam::\(Self.account):mfa/ann \(code)", "NotDeviceOwnerError"),
            ]
            for (header, code) in expected {
                let refusal = try await it.s3.error("PutBucketVersioning", input(header))
                #expect(refusal?.code == code && refusal?.status == 400)
            }
            let good = input("\(it.device.serial) \(code)")
            let session = Caller.root(of: Self.account, accessKeyID: "ASIAROOT")
            for (caller, expected) in [
                (Self.ann, "AccessDenied"), (.root(of: "111111111111"), "AccessDenied"), (session, "InvalidRequest"),
            ] {
                let refusal = try await it.s3.host.error(of: "s3", "PutBucketVersioning", good, as: caller)
                #expect(refusal?.code == expected)
            }
            #expect(try await it.state() == [nil, nil])
            try await it.s3.call("PutBucketVersioning", good)
            #expect(try await it.s3.error("PutBucketVersioning", good)?.code == "TokenCodeInvalidError")
        }
    }

    @Test("A version goes by a code that no other request had; a marker is put without one")
    func versions() async throws {
        try await with { it in
            try await it.enable()
            for byte in 1...2 { try await it.s3.put("a", [UInt8(byte)]) }
            let versions = try await it.versions()
            #expect(versions.count == 2)
            for caller in [Caller.root(of: Self.account), Self.ann] {
                let refusal = try await it.s3.host.error(of: "s3", "DeleteObject", it.delete(versions[0]), as: caller)
                #expect(refusal?.code == "AccessDenied" && refusal?.status == 403)
                #expect(refusal?.message == "Mfa Authentication must be used for this request")
            }
            let marker = try await it.s3.host.call("s3", "DeleteObject", it.delete(nil), as: Self.ann)
            #expect(marker["DeleteMarker"]?.bool == true)
            let markerVersion = try #require(marker["VersionId"]?.string)
            #expect(try await it.s3.error("DeleteObject", it.delete(markerVersion))?.code == "AccessDenied")
            #expect(try await it.versions() == versions)
            let claim = it.claim()
            let byAnn = try await it.s3.host.error(
                of: "s3", "DeleteObject", it.delete(versions[0], claim), as: Self.ann)
            #expect(byAnn?.message == "This operation may only be performed by the bucket owner")
            try await it.s3.call("DeleteObject", it.delete(versions[0], claim))
            #expect(
                try await it.s3.error("DeleteObject", it.delete(versions[1], claim))?.code == "TokenCodeInvalidError")
            #expect(try await it.versions() == [versions[1]])
            try await it.s3.call("DeleteObject", it.delete(markerVersion, it.claim()))
            try await it.s3.call("DeleteObject", it.delete(versions[1], it.claim()))
            // Nothing is left that a code would keep.
            try await it.s3.call("DeleteBucket", #"{"Bucket":"pictures"}"#)
        }
    }

    @Test("Of many keys none goes where one is a version and no good code came; one code is enough for all")
    func batches() async throws {
        try await with { it in
            try await it.enable()
            for byte in 1...3 { try await it.s3.put("a", [UInt8(byte)]) }
            let versions = try await it.versions()
            let wrong = #","MFA":"\#(it.device.serial) 000000""#
            for (input, code) in [
                (it.batch([nil, versions[0]]), "AccessDenied"), (it.batch([nil], wrong), "TokenCodeInvalidError"),
            ] {
                let refusal = try await it.s3.error("DeleteObjects", input)
                #expect(refusal?.code == code)
            }
            #expect(try await it.s3.keys() == ["a"])
            let answer = try await it.s3.call("DeleteObjects", it.batch([versions[0], versions[1], nil], it.claim()))
            #expect(answer["Deleted"].map { Array($0.elements).count } == 3 && answer["Errors"] == nil)
            #expect(try await it.versions() == [versions[2]])
            let hidden = try await it.s3.call("DeleteObjects", it.batch([nil]))
            #expect(hidden["Deleted"].map { Array($0.elements).count } == 1)
        }
    }

    @Test("It and lifecycle rules are not to be had together")
    func lifecycle() async throws {
        try await with { it in
            let rule = #"{"Rules":[{"Status":"Enabled","Filter":{"Prefix":""},"Expiration":{"Days":1}}]}"#
            let rules = #"{"Bucket":"pictures","LifecycleConfiguration":\#(rule)}"#
            try await it.s3.call("PutBucketLifecycleConfiguration", rules)
            let claim = it.claim()
            let refusal = try await it.s3.error("PutBucketVersioning", it.version(mfaDelete: "Enabled", claim))
            #expect(refusal?.code == "InvalidBucketState" && refusal?.status == 409)
            try await it.s3.call("DeleteBucketLifecycle", #"{"Bucket":"pictures"}"#)
            // Nothing was spent on the refusal.
            try await it.s3.call("PutBucketVersioning", it.version(mfaDelete: "Enabled", claim))
            #expect(try await it.s3.error("PutBucketLifecycleConfiguration", rules)?.code == "InvalidBucketState")
            try await it.s3.call("PutBucketVersioning", it.version(mfaDelete: "Disabled", it.claim()))
            try await it.s3.call("PutBucketLifecycleConfiguration", rules)
        }
    }

    @Test("A version that nobody showed a code for is refused in the transaction that would remove it")
    func transactions() async throws {
        var opened: S3Store?
        func compose(_ host: ServiceHost) async throws -> [AWSService] {
            let store = try S3.store(on: host)
            opened = store
            return try await S3.services(on: host, store)
        }
        try await TestHost.with("objects", compose) { host in
            let (store, pictures) = (try #require(opened), BucketReference(name: "pictures"))
            try await host.call("s3", "CreateBucket", #"{"Bucket":"pictures"}"#)
            try await store.write(in: pictures) { transaction, bucket in
                try transaction.setVersioning(of: bucket.id, to: .enabled, mfaDelete: .enabled)
            }
            let put = #"{"Bucket":"pictures","Key":"a","ContentLength":1}"#
            let answer = try await host.call("s3", "PutObject", put, body: ByteStream([1]))
            let version = try #require(answer["VersionId"]?.string)
            let call = Call(
                caller: .root(of: Self.account), service: "s3", operation: "Any", region: "us-east-1",
                account: Self.account, now: host.clock.now, requestID: "1", deadline: host.clock.now)
            for isFactorShown in [false, true] {
                let removal = try? await store.write(in: pictures) { transaction, bucket in
                    try transaction.remove(
                        "a", version: version, in: bucket, call: call, isFactorShown: isFactorShown)
                }
                #expect((removal != nil) == isFactorShown)
            }
        }
    }
}
