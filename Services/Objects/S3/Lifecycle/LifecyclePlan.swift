import ServiceKit

/// What a configuration asks to become of the versions of a key.
///
/// [Conflicts](https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html): what deletes for good comes
/// before what moves, and that before delete markers; of classes the coldest is taken.
struct LifecyclePlan: Sendable {
    enum Action: Sendable, Equatable {
        /// The key's object goes: for good in a bucket without versions, under a delete marker in others.
        case expire
        /// This version goes for good.
        case delete
        case move(to: String)
    }

    struct Step: Sendable {
        let object: StoredObject
        let action: Action
    }

    let configuration: LifecycleConfiguration
    let versioning: Bucket.Versioning
    let now: Timestamp

    /// - Parameter versions: all of a key, the newest first.
    func steps(for versions: [StoredObject]) -> [Step] {
        var steps: [Step] = []
        var (newer, kept) = (Timestamp?.none, 0)
        for version in versions {
            let action: Action?
            if let since = newer {
                action = noncurrent(version, since: since, newer: kept)
                if !version.isDeleteMarker { kept += 1 }
            } else {
                action = version.isDeleteMarker ? lone(version, versions.count) : current(version)
            }
            // What is on its way to another bucket stays until it is there.
            if let action, version.replication?.isPending != true {
                steps.append(Step(object: version, action: action))
            }
            newer = version.modified
        }
        return steps
    }

    // MARK: Versions

    private func current(_ object: StoredObject) -> Action? {
        let expires = rules(for: object).contains { isDue($0.expiration, after: object.modified) }
        let storageClass = coldest(
            of: object,
            rules(for: object).flatMap { rule in
                rule.transitions.filter { isDue($0.time, after: object.modified) }.map { (rule, $0.storageClass) }
            })
        if expires, versioning == .unversioned { return .expire }
        return storageClass.map { .move(to: $0) } ?? (expires ? .expire : nil)
    }

    /// A delete marker with nothing below it.
    private func lone(_ marker: StoredObject, _ count: Int) -> Action? {
        let isDue =
            count == 1
            && rules(for: marker).contains { rule in
                rule.removesLoneMarkers || self.isDue(rule.expiration, after: marker.modified)
            }
        return isDue ? .delete : nil
    }

    /// - Parameter newer: how many versions between it and the current one there are.
    private func noncurrent(_ object: StoredObject, since: Timestamp, newer: Int) -> Action? {
        var classes: [(LifecycleConfiguration.Rule, String)] = []
        for rule in rules(for: object) {
            for action in rule.noncurrentActions
            where newer >= action.kept && isDue(.days(action.days), after: since) {
                guard let storageClass = action.storageClass else {
                    // What Object Lock keeps expires when it is let go.
                    guard object.lock.allowsDeletion(at: now) else { continue }
                    return .delete
                }
                classes.append((rule, storageClass))
            }
        }
        return coldest(of: object, classes).map { .move(to: $0) }
    }

    private func coldest(
        of object: StoredObject, _ classes: [(LifecycleConfiguration.Rule, String)]
    ) -> String? {
        if object.isDeleteMarker { return nil }
        return classes.filter { rule, name in
            StorageClass.goes(from: object.storageClass, to: name)
                && (object.size >= LifecycleConfiguration.MinimumSize.bytes
                    || !configuration.hasMinimumSize(for: name, rule))
        }.map(\.1).max { StorageClass.coldness($0) < StorageClass.coldness($1) }
    }

    private func rules(for object: StoredObject) -> [LifecycleConfiguration.Rule] {
        configuration.rules.filter {
            $0.isEnabled && $0.filter.fits(object.key, size: object.size, object.tags)
        }
    }

    private func isDue(_ time: LifecycleConfiguration.Time?, after event: Timestamp) -> Bool {
        time.map { now >= $0.due(after: event) } ?? false
    }
}

extension ObjectLock {
    func allowsDeletion(at now: Timestamp) -> Bool {
        (try? checkDeletion(at: now, bypassingGovernance: false)) != nil
    }
}

extension StorageClass {
    private static let waterfall = [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER",
        "DEEP_ARCHIVE",
    ]

    /// Greater for the colder one.
    static func coldness(_ name: String) -> Int { waterfall.firstIndex(of: name) ?? 0 }

    /// [Supported transitions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html)
    static func goes(from name: String, to colder: String) -> Bool {
        if name == "ONEZONE_IA", colder == "GLACIER_IR" { return false }
        return coldness(colder) > max(coldness(name), 1)
    }
}
