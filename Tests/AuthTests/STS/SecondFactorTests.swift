import Crypto
import ServiceKit
import TestSupport
import Testing

@Suite("Second factors")
struct SecondFactorTests {
    private static let serial = "arn:aws:iam::000000000000:mfa/phone"

    /// A user with a device, under the real authorizer.
    private struct Holder {
        let calls: AuthCalls
        let user: Caller
        let device: Authenticator

        /// What the device shows so many steps from now.
        func code(_ steps: Int64 = 0) -> String { device.code(at: calls.host.clock.now, ahead: steps) }

        func pair(ahead: Int64 = 0) -> String { device.pair(at: calls.host.clock.now, ahead: ahead) }

        func enable() async throws {
            try await calls.iam(
                "EnableMFADevice", #"{"UserName":"ann","SerialNumber":"\#(SecondFactorTests.serial)",\#(pair())}"#)
            calls.host.clock.advance(by: .seconds(60))
        }

        func caller(_ reply: JSONValue) async throws -> Caller {
            let credentials = try #require(reply["Credentials"])
            return try await calls.caller(
                try #require(credentials["AccessKeyId"]?.string), token: credentials["SessionToken"]?.string)
        }

        func session(_ more: String = "") async throws -> Caller {
            try await caller(try await calls.sts("GetSessionToken", "{\(more)}", as: user))
        }

        func refusal(_ more: String) async throws -> ServiceError? {
            try await calls.host.error(of: "sts", "GetSessionToken", "{\(more)}", as: user)
        }

        /// Lets the user do anything on a condition.
        func allow(_ condition: String) async throws {
            let document =
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":\#(condition)}]}"#
            try await calls.iam(
                "PutUserPolicy",
                #"{"UserName":"ann","PolicyName":"p","PolicyDocument":"\#(document.replacing("\"", with: "\\\""))"}"#)
        }

        func claim(_ code: String) -> String {
            #""SerialNumber":"\#(SecondFactorTests.serial)","TokenCode":"\#(code)""#
        }
    }

    private func with(_ body: (Holder) async throws -> Void) async throws {
        let source = StoredPolicies()
        try await AuthCalls.with(authorizer: PolicyAuthorizer(source: source)) { calls in
            source.read(from: calls.host)
            let user = try await calls.createUser("ann")
            let made = try await calls.iam("CreateVirtualMFADevice", #"{"VirtualMFADeviceName":"phone"}"#)
            let device = try #require(Authenticator(made))
            #expect(device.serial == Self.serial)
            try await body(Holder(calls: calls, user: user, device: device))
        }
    }

    @Test("Codes are those of RFC 6238")
    func publishedCodes() {
        let seed = Array("12345678901234567890".utf8)
        let published: [(Int64, String)] = [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (20_000_000_000, "353130"),
        ]
        for (time, code) in published {
            #expect(OneTimeCode.code(seed: seed, step: OneTimeCode.step(atSeconds: time)) == code)
        }
        #expect(Base32.string(Array("foobar".utf8)) == "MZXW6YTBOI")
    }

    @Test("A device becomes a user's by two codes, one after the other, and is told of until it is taken away")
    func life() async throws {
        try await with { ann in
            let input = #""UserName":"ann","SerialNumber":"\#(Self.serial)""#
            func code(_ operation: String, _ more: String = "") async throws -> String? {
                try await ann.calls.code(operation, "{\(input)\(more)}")
            }
            let again = #","AuthenticationCode1":"\#(ann.code())","AuthenticationCode2":"\#(ann.code())""#
            #expect(try await code("EnableMFADevice", again) == "InvalidAuthenticationCode")
            #expect(try await code("DeactivateMFADevice") == "NoSuchEntity")
            try await ann.enable()
            #expect(try await code("EnableMFADevice", ",\(ann.pair())") == "EntityAlreadyExists")
            let own = try await ann.calls.iam("ListMFADevices", as: .root(of: AuthCalls.account))
            #expect(own["MFADevices"].map { Array($0.elements).count } == 0)
            let listed = try await ann.calls.iam("ListMFADevices", #"{"UserName":"ann"}"#)
            #expect(listed["MFADevices"]?.elements.compactMap { $0["SerialNumber"]?.string } == [Self.serial])
            for (status, count) in [("Assigned", 1), ("Unassigned", 0), ("Any", 1)] {
                let all = try await ann.calls.iam("ListVirtualMFADevices", #"{"AssignmentStatus":"\#(status)"}"#)
                #expect(all["VirtualMFADevices"].map { Array($0.elements).count } == count)
            }
            #expect(try await ann.calls.code("DeleteUser", #"{"UserName":"ann"}"#) == "DeleteConflict")
            let serial = #"{"SerialNumber":"\#(Self.serial)"}"#
            #expect(try await ann.calls.code("DeleteVirtualMFADevice", serial) == "DeleteConflict")
            try await ann.calls.iam("DeactivateMFADevice", "{\(input)}")
            try await ann.calls.iam("DeleteVirtualMFADevice", serial)
            #expect(try await ann.calls.code("DeleteVirtualMFADevice", serial) == "NoSuchEntity")
            try await ann.calls.iam("DeleteUser", #"{"UserName":"ann"}"#)
        }
    }

    @Test("A code opens one session, and no device but the user's own has one")
    func codes() async throws {
        try await with { ann in
            #expect(try await ann.refusal(ann.claim(ann.code()))?.code == "AccessDenied")
            try await ann.enable()
            let code = ann.code()
            #expect(try await ann.refusal(ann.claim("000000"))?.message.contains("invalid MFA one time pass") == true)
            _ = try await ann.session(ann.claim(code))
            #expect(try await ann.refusal(ann.claim(code))?.code == "AccessDenied")
            #expect(try await ann.refusal(#""TokenCode":"123456""#)?.code == "ValidationError")
            ann.calls.host.clock.advance(by: .seconds(300))
            #expect(try await ann.refusal(ann.claim(ann.code(-3)))?.code == "AccessDenied")
        }
    }

    @Test("Who tries codes is made to wait longer and longer, and good ones are not looked at meanwhile")
    func guessing() async throws {
        try await with { ann in
            try await ann.enable()
            for _ in 1...7 {
                #expect(try await ann.refusal(ann.claim("000000"))?.code == "AccessDenied")
                ann.calls.host.clock.advance(by: .seconds(5))
            }
            _ = try await ann.session(ann.claim(ann.code()))
            for _ in 1...9 {
                #expect(try await ann.refusal(ann.claim("000000"))?.code == "AccessDenied")
                ann.calls.host.clock.advance(by: .seconds(30))
            }
            #expect(try await ann.refusal(ann.claim("000000"))?.code == "AccessDenied")
            ann.calls.host.clock.advance(by: .seconds(30))
            #expect(try await ann.refusal(ann.claim(ann.code()))?.code == "AccessDenied")
            ann.calls.host.clock.advance(by: .seconds(3))
            _ = try await ann.session(ann.claim(ann.code()))
        }
    }

    @Test("A device whose clock goes wrong is learnt anew from two codes")
    func drift() async throws {
        try await with { ann in
            try await ann.enable()
            #expect(try await ann.refusal(ann.claim(ann.code(10)))?.code == "AccessDenied")
            try await ann.calls.iam(
                "ResyncMFADevice", #"{"UserName":"ann","SerialNumber":"\#(Self.serial)",\#(ann.pair(ahead: 10))}"#)
            _ = try await ann.session(ann.claim(ann.code(11)))
        }
    }

    @Test("Policies see whether a session was begun with a code, and how long ago")
    func conditions() async throws {
        try await with { ann in
            try await ann.enable()
            try await ann.allow(#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#)
            func mayList(_ caller: Caller) async throws -> Bool {
                try await ann.calls.host.error(of: "iam", "ListUsers", as: caller) == nil
            }
            let (without, with) = (try await ann.session(), try await ann.session(ann.claim(ann.code())))
            #expect(try await !mayList(ann.user))
            #expect(try await !mayList(without))
            #expect(try await mayList(with))
            // A user's own key has no such key at all.
            try await ann.allow(#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#)
            #expect(try await !mayList(ann.user))
            #expect(try await mayList(without))
            try await ann.allow(#"{"NumericLessThan":{"aws:MultiFactorAuthAge":"100"}}"#)
            #expect(try await mayList(with))
            #expect(try await !mayList(without))
            ann.calls.host.clock.advance(by: .seconds(101))
            #expect(try await !mayList(with))
            try await ann.allow(#"{"Null":{"aws:MultiFactorAuthAge":"true"}}"#)
            #expect(try await mayList(without))
        }
    }

    @Test("A role that trusts only who shows a code is assumed with one, or from a session that was")
    func roles() async throws {
        try await with { ann in
            try await ann.enable()
            let trust = AuthCalls.trust(
                #"{"AWS":"\#(ann.user.arn)"}"#, condition: #"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#)
            try await ann.calls.iam("CreateRole", #"{"RoleName":"Safe","AssumeRolePolicyDocument":"\#(trust)"}"#)
            let role = #""RoleArn":"arn:aws:iam::000000000000:role/Safe","RoleSessionName":"safe""#
            func refusal(_ more: String, as caller: Caller) async throws -> String? {
                try await ann.calls.host.error(of: "sts", "AssumeRole", "{\(role)\(more)}", as: caller)?.code
            }
            #expect(try await refusal("", as: ann.user) == "AccessDenied")
            #expect(try await refusal(",\(ann.claim("000000"))", as: ann.user) == "AccessDenied")
            let reply = try await ann.calls.sts("AssumeRole", "{\(role),\(ann.claim(ann.code()))}", as: ann.user)
            let session = try await ann.caller(reply)
            #expect(session.context["aws:MultiFactorAuthPresent"] == ["true"])
            ann.calls.host.clock.advance(by: .seconds(60))
            let own = try await ann.session(ann.claim(ann.code()))
            #expect(try await refusal("", as: own) == nil)
        }
    }
}
