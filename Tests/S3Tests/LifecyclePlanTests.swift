import ServiceKit
import TestSupport
import Testing

@testable import S3

/// What rules ask for, without a bucket.
@Suite struct LifecyclePlanTests {
    private static let day: Int64 = 24 * 3600 * 1000
    /// Noon of day 0.
    private static let noon = Timestamp(milliseconds: 18_000 * day + day / 2)

    private func rules(_ rules: String, minimum: String = "all_storage_classes_128K") throws -> LifecycleConfiguration {
        let json = try JSONDocument(
            Array(#"{"TransitionDefaultMinimumObjectSize":"\#(minimum)","Rules":[\#(rules)]}"#.utf8)
        ).root
        try LifecycleConfiguration.check(json)
        return try #require(try LifecycleConfiguration(json))
    }

    /// - Parameter days: after noon of day 0.
    private func version(
        _ days: Int64 = 0, size: Int64 = 1 << 20, class storageClass: String = "STANDARD", isMarker: Bool = false,
        key: String = "k", tags: [ServiceKit.Tag] = [], replication: ReplicationStatus? = nil
    ) throws -> StoredObject {
        StoredObject(
            id: days, key: key, version: "v\(days)", isDeleteMarker: isMarker,
            modified: Self.noon + .milliseconds(days * Self.day), size: isMarker ? 0 : size, etag: "",
            storageClass: storageClass, checksum: nil, encodedHeaders: Array("{}".utf8), tags: try Tags(tags),
            segments: [], isInline: true, encryption: nil, lock: ObjectLock(), list: nil, replication: replication)
    }

    /// What becomes of versions, the newest first, at midnight so many days after day 0 began.
    private func actions(
        _ configuration: LifecycleConfiguration, _ versions: [StoredObject], midnight: Int64,
        _ versioning: Bucket.Versioning = .enabled
    ) -> [String: LifecyclePlan.Action] {
        let now = Timestamp(milliseconds: Self.noon.milliseconds - Self.day / 2 + midnight * Self.day)
        let plan = LifecyclePlan(configuration: configuration, versioning: versioning, now: now)
        return Dictionary(uniqueKeysWithValues: plan.steps(for: versions).map { ($0.object.version, $0.action) })
    }

    private static let all = #""Status":"Enabled","Filter":{"Prefix":""}"#

    @Test("Days are rounded up to the next midnight UTC, as AWS's example has it")
    func midnight() throws {
        let configuration = try rules(#"{\#(Self.all),"Expiration":{"Days":3}}"#)
        let versions = [try version()]
        #expect(actions(configuration, versions, midnight: 3).isEmpty)
        #expect(actions(configuration, versions, midnight: 4) == ["v0": .expire])
        // 15 January 2014, 10:30, and 3 days: 19 January, 00:00.
        let created = Timestamp(seconds: 1_389_781_800)
        #expect(LifecycleConfiguration.Time.days(3).due(after: created) == Timestamp(seconds: 1_390_089_600))
    }

    @Test("Versions count from when the next one came, and the newest of them are kept where a rule says so")
    func noncurrent() throws {
        let configuration = try rules(
            #"{\#(Self.all),"NoncurrentVersionExpiration":{"NoncurrentDays":2,"NewerNoncurrentVersions":2}}"#)
        let versions = [try version(8), try version(3), try version(2), try version(1), try version(0)]
        // v1 and v0 have two newer ones between them and the current one; v0 was replaced on day 1.
        #expect(actions(configuration, versions, midnight: 4) == ["v0": .delete])
        #expect(actions(configuration, versions, midnight: 20) == ["v0": .delete, "v1": .delete])
        // Delete markers do not count as versions that are kept, and go like them.
        let marked = [try version(8), try version(3, isMarker: true), try version(2), try version(1)]
        #expect(actions(configuration, marked, midnight: 20).isEmpty)
        let plain = try rules(#"{\#(Self.all),"NoncurrentVersionExpiration":{"NoncurrentDays":1}}"#)
        #expect(actions(plain, marked, midnight: 20) == ["v3": .delete, "v2": .delete, "v1": .delete])
    }

    @Test("A delete marker goes when nothing is left below it, at once or when it is old enough")
    func markers() throws {
        let atOnce = try rules(#"{\#(Self.all),"Expiration":{"ExpiredObjectDeleteMarker":true}}"#)
        let aged = try rules(#"{\#(Self.all),"Expiration":{"Days":5}}"#)
        let lone = [try version(1, isMarker: true)]
        #expect(actions(atOnce, lone, midnight: 2) == ["v1": .delete])
        #expect(actions(aged, lone, midnight: 2).isEmpty)
        #expect(actions(aged, lone, midnight: 7) == ["v1": .delete])
        #expect(actions(atOnce, lone + [try version(0)], midnight: 9).isEmpty)
        #expect(actions(aged, lone + [try version(0)], midnight: 9).isEmpty)
        #expect(actions(atOnce, [try version()], midnight: 9).isEmpty)
    }

    @Test("Of classes the coldest is taken, never a warmer one, and small objects stay")
    func transitions() throws {
        let text = """
            {\(Self.all),"Transitions":[{"Days":30,"StorageClass":"STANDARD_IA"},{"Days":60,"StorageClass":"GLACIER"}]}
            """
        let configuration = try rules(text)
        #expect(actions(configuration, [try version()], midnight: 31) == ["v0": .move(to: "STANDARD_IA")])
        #expect(actions(configuration, [try version()], midnight: 61) == ["v0": .move(to: "GLACIER")])
        #expect(actions(configuration, [try version(class: "DEEP_ARCHIVE")], midnight: 61).isEmpty)
        let small = [try version(size: 1000)]
        #expect(actions(configuration, small, midnight: 61).isEmpty)
        let byClass = try rules(text, minimum: "varies_by_storage_class")
        #expect(actions(byClass, small, midnight: 31).isEmpty)
        #expect(actions(byClass, small, midnight: 61) == ["v0": .move(to: "GLACIER")])
        let sized = try rules(
            #"""
            {"Status":"Enabled","Filter":{"ObjectSizeGreaterThan":500},
             "Transitions":[{"Days":0,"StorageClass":"GLACIER_IR"}]}
            """#)
        #expect(actions(sized, small, midnight: 1) == ["v0": .move(to: "GLACIER_IR")])
        #expect(actions(sized, [try version(size: 500)], midnight: 1).isEmpty)
        let noncurrent = try rules(
            #"{\#(Self.all),"NoncurrentVersionTransitions":[{"NoncurrentDays":1,"StorageClass":"STANDARD_IA"}]}"#)
        #expect(
            actions(noncurrent, [try version(3), try version()], midnight: 5) == ["v0": .move(to: "STANDARD_IA")])
    }

    @Test("Deleting for good comes before moving, and moving before delete markers")
    func conflicts() throws {
        let configuration = try rules(
            #"""
            {"ID":"a",\#(Self.all),"Expiration":{"Days":5}},
            {"ID":"b",\#(Self.all),"Transitions":[{"Days":1,"StorageClass":"GLACIER"}],
             "NoncurrentVersionExpiration":{"NoncurrentDays":3},
             "NoncurrentVersionTransitions":[{"NoncurrentDays":1,"StorageClass":"GLACIER"}]}
            """#)
        let versions = [try version(2), try version(0)]
        #expect(actions(configuration, versions, midnight: 20) == ["v2": .move(to: "GLACIER"), "v0": .delete])
        #expect(actions(configuration, [try version()], midnight: 20, .unversioned) == ["v0": .expire])
        #expect(actions(configuration, [try version(class: "GLACIER")], midnight: 20) == ["v0": .expire])
    }

    @Test("Filters by prefix, tags and size hold together; what is on its way to another bucket stays")
    func filters() throws {
        let configuration = try rules(
            #"""
            {"Status":"Enabled","Filter":{"And":{"Prefix":"a/","Tags":[{"Key":"x","Value":"1"}],
             "ObjectSizeLessThan":100}},"Expiration":{"Days":1}}
            """#)
        let tag = ServiceKit.Tag(key: "x", value: "1")
        func goes(_ version: StoredObject) -> Bool { !actions(configuration, [version], midnight: 9).isEmpty }
        #expect(goes(try version(size: 99, key: "a/k", tags: [tag])))
        #expect(!goes(try version(size: 100, key: "a/k", tags: [tag])))
        #expect(!goes(try version(size: 99, key: "b/k", tags: [tag])))
        #expect(!goes(try version(size: 99, key: "a/k")))
        #expect(!goes(try version(size: 99, key: "a/k", tags: [tag], replication: .pending)))
        #expect(goes(try version(size: 99, key: "a/k", tags: [tag], replication: .failed)))
    }
}
