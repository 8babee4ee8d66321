import ServiceKit
import TestSupport
import Testing

@Suite("The device of root")
struct RootDeviceTests {
    private static let account = AuthCalls.account
    private static let serial = "arn:aws:iam::\(account):mfa/root-account-mfa-device"
    private static let named = #"{"VirtualMFADeviceName":"root-account-mfa-device"}"#

    /// An account whose root has a device that is nobody's yet, and whose administrator may do everything.
    private struct Account {
        let calls: AuthCalls
        let administrator: Caller
        let device: Authenticator

        var now: Timestamp { calls.host.clock.now }

        func enable(as name: String = "root") async throws {
            try await calls.iam("EnableMFADevice", input(for: name, more: ",\(device.pair(at: now))"))
            calls.host.clock.advance(by: .seconds(60))
        }

        func input(for name: String?, more: String = "") -> String {
            let user = name.map { #""UserName":"\#($0)","# } ?? ""
            return #"{\#(user)"SerialNumber":"\#(device.serial)"\#(more)}"#
        }

        /// What taking a code of root's for something is answered.
        func take(_ code: String, for token: String, of serial: String = RootDeviceTests.serial) async throws -> String?
        {
            let input =
                #"{"Account":"\#(RootDeviceTests.account)","SerialNumber":"\#(serial)","TokenCode":"\#(code)","Token":"\#(token)"}"#
            let caller = Caller.service("objects.apus")
            return try await calls.host.call("apus.auth", "TakeRootMFACode", input, as: caller)["Verdict"]?.string
        }
    }

    private func with(_ body: (Account) async throws -> Void) async throws {
        let source = StoredPolicies()
        try await AuthCalls.with(authorizer: PolicyAuthorizer(source: source)) { calls in
            source.read(from: calls.host)
            let administrator = try await calls.createUser("ann")
            let everything = AuthCalls.document("Allow", "*")
            try await calls.iam(
                "PutUserPolicy", #"{"UserName":"ann","PolicyName":"all","PolicyDocument":"\#(everything)"}"#)
            let device = try #require(Authenticator(try await calls.iam("CreateVirtualMFADevice", Self.named)))
            try await body(Account(calls: calls, administrator: administrator, device: device))
        }
    }

    @Test("Root gives itself a device by a name no user has, and takes it away", arguments: ["root", account])
    func life(_ name: String) async throws {
        try await with { it in
            func isEnabled() async throws -> Int64? {
                try await it.calls.iam("GetAccountSummary")["SummaryMap"]?["AccountMFAEnabled"]?.int64
            }
            #expect(it.device.serial == Self.serial)
            #expect(try await isEnabled() == 0)
            try await it.enable(as: name)
            #expect(try await isEnabled() == 1)
            let own = try #require(try await it.calls.iam("ListMFADevices")["MFADevices"]?.elements.first { _ in true })
            #expect(own["SerialNumber"]?.string == Self.serial && own["UserName"]?.string == "root")
            for asked in [nil, name] {
                let read = try await it.calls.iam("GetMFADevice", it.input(for: asked))
                #expect(read["UserName"]?.string == "root" && read["EnableDate"] != nil)
            }
            let all = try await it.calls.iam("ListVirtualMFADevices")["VirtualMFADevices"]
            let user = try #require(all?.elements.first { _ in true }?["User"])
            #expect(user["Arn"]?.string == "arn:aws:iam::\(Self.account):root")
            #expect(user["UserId"]?.string == Self.account && user["UserName"] == nil)
            try await it.calls.iam(
                "ResyncMFADevice", it.input(for: name, more: ",\(it.device.pair(at: it.now, ahead: 5))"))
            #expect(try await it.take(it.device.code(at: it.now, ahead: 6), for: "a") == "Good")
            try await it.calls.iam("DeactivateMFADevice", it.input(for: nil))
            #expect(try await isEnabled() == 0)
            #expect(try await it.calls.code("GetMFADevice", it.input(for: nil)) == "NoSuchEntity")
            try await it.calls.iam("DeleteVirtualMFADevice", it.input(for: nil))
        }
    }

    @Test("Who may do everything gives root no device and takes none from it", arguments: ["root", account])
    func others(_ name: String) async throws {
        try await with { it in
            func refusal(_ operation: String, _ input: String) async throws -> String? {
                try await it.calls.host.error(of: "iam", operation, input, as: it.administrator)?.code
            }
            let codes = ",\(it.device.pair(at: it.now))"
            #expect(try await refusal("EnableMFADevice", it.input(for: name, more: codes)) == "NoSuchEntity")
            try await it.enable()
            for asked in [nil, name] {
                #expect(try await refusal("DeactivateMFADevice", it.input(for: asked)) == "NoSuchEntity")
                #expect(try await refusal("GetMFADevice", it.input(for: asked)) == "NoSuchEntity")
            }
            let later = ",\(it.device.pair(at: it.now))"
            #expect(try await refusal("ResyncMFADevice", it.input(for: name, more: later)) == "NoSuchEntity")
            #expect(try await refusal("DeleteVirtualMFADevice", it.input(for: nil)) == "DeleteConflict")
            #expect(try await it.calls.iam("ListMFADevices")["MFADevices"].map { Array($0.elements).count } == 1)
        }
    }

    @Test("A user who is called root goes before root, and has devices of their own")
    func namesake() async throws {
        try await with { it in
            let namesake = try await it.calls.createUser("root")
            try await it.enable()
            #expect(try await it.calls.iam("ListMFADevices")["MFADevices"].map { Array($0.elements).count } == 0)
            let named = try await it.calls.iam("GetMFADevice", it.input(for: "root"))
            #expect(named["UserName"]?.string == "root")
            #expect(try await it.take(it.device.code(at: it.now), for: "a") == "NotOwned")
            let claim = #"{"SerialNumber":"\#(Self.serial)","TokenCode":"\#(it.device.code(at: it.now))"}"#
            #expect(try await it.calls.host.error(of: "sts", "GetSessionToken", claim) != nil)
            #expect(try await it.calls.host.error(of: "sts", "GetSessionToken", claim, as: namesake) == nil)
        }
    }

    @Test("A code of root's is taken for one thing, however often that asks, and not for another")
    func codes() async throws {
        try await with { it in
            let code = it.device.code(at: it.now, ahead: 1)
            #expect(try await it.take(code, for: "a") == "NotOwned")
            try await it.enable()
            #expect(try await it.take("000000", for: "a") == "Wrong")
            #expect(try await it.take(it.device.code(at: it.now), for: "a", of: "\(Self.serial)2") == "NotOwned")
            for _ in 1...3 { #expect(try await it.take(it.device.code(at: it.now), for: "a") == "Good") }
            #expect(try await it.take(it.device.code(at: it.now), for: "b") == "Wrong")
            it.calls.host.clock.advance(by: .seconds(30))
            #expect(try await it.take(it.device.code(at: it.now), for: "b") == "Good")
            for _ in 1...5 { #expect(try await it.take("000000", for: "c") == "Wrong") }
            it.calls.host.clock.advance(by: .seconds(30))
            for _ in 1...2 { #expect(try await it.take("000000", for: "c") == "Wrong") }
            #expect(try await it.take(it.device.code(at: it.now), for: "c") == "Wrong")
        }
    }

    @Test("No caller but the stack's own executables has codes taken")
    func doors() async throws {
        try await with { it in
            try await it.enable()
            let input =
                #"{"Account":"\#(Self.account)","SerialNumber":"\#(Self.serial)","TokenCode":"\#(it.device.code(at: it.now))","Token":"a"}"#
            for caller in [Caller.root(of: Self.account), it.administrator, .anonymous] {
                let refusal = try await it.calls.host.error(of: "apus.auth", "TakeRootMFACode", input, as: caller)
                #expect(refusal?.code == "AccessDeniedException")
            }
            #expect(try await it.take(it.device.code(at: it.now), for: "a") == "Good")
        }
    }

    @Test("A restart forgets neither what code was taken nor for what")
    func restart() async throws {
        try await TemporaryFolder.with { folder in
            var (device, taken): (Authenticator?, String) = (nil, "")
            for isFirst in [true, false] {
                try await AuthCalls.with(folder: folder) { calls in
                    if isFirst {
                        device = Authenticator(try await calls.iam("CreateVirtualMFADevice", Self.named))
                    }
                    let device = try #require(device)
                    let it = Account(calls: calls, administrator: .anonymous, device: device)
                    if isFirst {
                        try await it.enable()
                        taken = device.code(at: it.now)
                        #expect(try await it.take(taken, for: "a") == "Good")
                    } else {
                        calls.host.clock.advance(by: .seconds(60))
                        #expect(try await it.take(taken, for: "a") == "Good")
                        #expect(try await it.take(taken, for: "b") == "Wrong")
                    }
                }
            }
        }
    }

    @Test("Devices are tagged, listed by their keys, and untagged")
    func tags() async throws {
        try await with { it in
            func tags() async throws -> [String] {
                let listed = try await it.calls.iam("ListMFADeviceTags", it.input(for: nil))
                return listed["Tags"]?.elements.compactMap { $0["Key"]?.string } ?? []
            }
            let tagged = #","Tags":[{"Key":"team","Value":"red"},{"Key":"owner","Value":"ann"}]"#
            try await it.calls.iam("TagMFADevice", it.input(for: nil, more: tagged))
            #expect(try await tags() == ["owner", "team"])
            try await it.calls.iam("UntagMFADevice", it.input(for: nil, more: #","TagKeys":["team"]"#))
            #expect(try await tags() == ["owner"])
            let unknown = #"{"SerialNumber":"arn:aws:iam::\#(Self.account):mfa/none","TagKeys":["team"]}"#
            #expect(try await it.calls.code("UntagMFADevice", unknown) == "NoSuchEntity")
        }
    }
}
