import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct ObjectLockTests {
    private let day: Duration = .seconds(24 * 3600)

    private func withLockedBucket(_ body: (S3Fixture) async throws -> Void) async throws {
        try await S3Fixture.with { s3 in
            try await s3.call("CreateBucket", #"{"Bucket":"pictures","ObjectLockEnabledForBucket":true}"#)
            try await body(s3)
        }
    }

    /// `"Mode":…,"RetainUntilDate":…` so many days from now.
    private func retention(_ mode: String, days: Int, _ s3: S3Fixture) -> String {
        let until = s3.host.clock.now + day * days
        return #""Mode":"\#(mode)","RetainUntilDate":\#(until.seconds)"#
    }

    private func retain(
        _ version: String, _ mode: String, days: Int, _ s3: S3Fixture, bypass: Bool = false
    ) async throws -> String? {
        try await s3.error(
            "PutObjectRetention",
            """
            {"Bucket":"pictures","Key":"a","VersionId":"\(version)","BypassGovernanceRetention":\(bypass),
            "Retention":{\(retention(mode, days: days, s3))}}
            """)?.code
    }

    private func delete(_ version: String, _ s3: S3Fixture, bypass: Bool = false) async throws -> String? {
        try await s3.error(
            "DeleteObject",
            #"{"Bucket":"pictures","Key":"a","VersionId":"\#(version)","BypassGovernanceRetention":\#(bypass)}"#)?.code
    }

    @Test("Governance gives way to those who may bypass it; compliance to time alone")
    func modes() async throws {
        for (mode, givesWay) in [("GOVERNANCE", true), ("COMPLIANCE", false)] {
            try await withLockedBucket { s3 in
                let version = try await s3.put("a", [1])["VersionId"]?.string ?? ""
                #expect(try await retain(version, mode, days: 10, s3) == nil)
                #expect(try await delete(version, s3) == "AccessDenied")
                #expect(try await retain(version, mode, days: 20, s3) == nil)
                #expect(try await retain(version, mode, days: 5, s3) == "AccessDenied")
                #expect(
                    try await retain(version, mode, days: 15, s3, bypass: true) == (givesWay ? nil : "AccessDenied"))
                #expect(try await delete(version, s3, bypass: true) == (givesWay ? nil : "AccessDenied"))
                guard !givesWay else { return }
                s3.host.clock.advance(by: day * 21)
                #expect(try await delete(version, s3) == nil)
            }
        }
    }

    @Test("A held version stays until it is let go, and a marker may still hide it")
    func legalHold() async throws {
        try await withLockedBucket { s3 in
            let version = try await s3.put("a", [1], #","ObjectLockLegalHoldStatus":"ON""#)["VersionId"]?.string ?? ""
            #expect(try await s3.get("a").head["ObjectLockLegalHoldStatus"]?.string == "ON")
            #expect(
                try await s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"a"}"#)["DeleteMarker"]?.bool == true)
            #expect(try await delete(version, s3, bypass: true) == "AccessDenied")
            let answer = try await s3.call(
                "DeleteObjects",
                #"{"Bucket":"pictures","Delete":{"Objects":[{"Key":"a","VersionId":"\#(version)"}]}}"#)
            #expect(answer["Errors"].map { Array($0.elements).count } == 1)
            try await s3.call(
                "PutObjectLegalHold",
                #"{"Bucket":"pictures","Key":"a","VersionId":"\#(version)","LegalHold":{"Status":"OFF"}}"#)
            #expect(try await delete(version, s3) == nil)
        }
    }

    @Test("New objects have the bucket's default retention, those of uploads and copies too")
    func defaults() async throws {
        try await withLockedBucket { s3 in
            try await s3.call(
                "PutObjectLockConfiguration",
                """
                {"Bucket":"pictures","ObjectLockConfiguration":{"ObjectLockEnabled":"Enabled",
                "Rule":{"DefaultRetention":{"Mode":"COMPLIANCE","Days":3}}}}
                """)
            try await s3.put("a", [1])
            try await s3.call("CopyObject", #"{"Bucket":"pictures","Key":"b","CopySource":"pictures/a"}"#)
            for key in ["a", "b"] {
                let head = try await s3.get(key).head
                #expect(head["ObjectLockMode"]?.string == "COMPLIANCE")
                let version = head["VersionId"]?.string ?? ""
                let input = #"{"Bucket":"pictures","Key":"\#(key)","VersionId":"\#(version)"}"#
                #expect(try await s3.error("DeleteObject", input)?.code == "AccessDenied")
            }
        }
    }

    @Test("A bucket with Object Lock keeps its versions; one without takes no locks")
    func buckets() async throws {
        try await withLockedBucket { s3 in
            let suspended = #"{"Bucket":"pictures","VersioningConfiguration":{"Status":"Suspended"}}"#
            #expect(try await s3.error("PutBucketVersioning", suspended)?.code == "InvalidBucketState")
            try await s3.createBucket("plain")
            let locked = #"{"Bucket":"plain","Key":"a","ObjectLockLegalHoldStatus":"ON"}"#
            #expect(try await s3.error("PutObject", locked, body: [1])?.code == "InvalidRequest")
            let enabled = #"{"Bucket":"plain","ObjectLockConfiguration":{"ObjectLockEnabled":"Enabled"}}"#
            #expect(try await s3.error("PutObjectLockConfiguration", enabled)?.code == "InvalidBucketState")
        }
    }

    @Test("A retention ends at its moment, and is stored as it was given")
    func retentionEnds() throws {
        let until = Timestamp(milliseconds: 1000)
        let lock = ObjectLock(retention: .init(mode: .compliance, until: until), isHeld: false)
        #expect(throws: ServiceError.protectedByObjectLock) {
            try lock.checkDeletion(at: Timestamp(milliseconds: 999), bypassingGovernance: true)
        }
        try lock.checkDeletion(at: until, bypassingGovernance: false)
        #expect(try ObjectLock(encoded: lock.encoded) == lock)
        #expect(ObjectLock().encoded == nil)
    }
}
