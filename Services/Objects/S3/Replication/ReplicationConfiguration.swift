import ServiceKit

/// Which of a bucket's objects other buckets are to have too.
///
/// [Replication configuration](https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html)
struct ReplicationConfiguration: Sendable {
    struct Rule: Sendable {
        let id: String
        let isEnabled: Bool
        /// The greater one decides among rules to the same bucket.
        let priority: Int64
        let prefix: String
        let tags: [Tag]
        let replicatesMarkers: Bool
        /// Objects whose keys KMS seals.
        let replicatesManagedKeys: Bool
        /// Changes made to replicas that came from elsewhere.
        let replicatesReplicaChanges: Bool
        /// What was there before the rule.
        let replicatesExisting: Bool
        let destination: Destination
    }

    struct Destination: Sendable {
        let bucket: String
        /// Whose it has to be, where the rule says so.
        let account: String?
        /// The source's for `nil`.
        let storageClass: String?
        /// Whether its owner owns the replicas too.
        let ownsReplicas: Bool
        /// The KMS key for replicas of objects under KMS.
        let keyID: String?
        /// Replication Time Control: events tell what takes longer than a quarter of an hour.
        let hasTimeControl: Bool
        /// Metrics or time control: events tell what fails.
        let hasMetrics: Bool
    }

    /// What time control promises.
    static let threshold = Duration.seconds(15 * 60)

    let role: String
    let rules: [Rule]
    /// Without any `Filter`: the first form, in which delete markers are replicated within an account.
    let isFirstForm: Bool

    /// The rules for an object of these tags, one for each bucket.
    func rules(for key: String, _ tags: Tags) -> [Rule] { strongest { $0.fits(key, tags) } }

    /// The rules for a delete marker: tags have no say, for it has none.
    func rules(forMarkerOn key: String) -> [Rule] {
        strongest { $0.replicatesMarkers && $0.tags.isEmpty && ObjectKey.hasPrefix(key, $0.prefix) }
    }

    /// The rule by which a version goes to a bucket: the one it was noted for, or what stands in its place now.
    func rule(_ id: String, to destination: String, for key: String) -> Rule? {
        let candidates = rules.filter {
            $0.isEnabled && $0.destination.bucket == destination && ObjectKey.hasPrefix(key, $0.prefix)
        }
        return candidates.first { $0.id == id } ?? candidates.max { $0.priority < $1.priority }
    }

    private func strongest(_ fits: (Rule) -> Bool) -> [Rule] {
        var best: [String: Rule] = [:]
        for rule in rules where rule.isEnabled && fits(rule) {
            let bucket = rule.destination.bucket
            if let known = best[bucket], known.priority >= rule.priority { continue }
            best[bucket] = rule
        }
        return best.values.sorted { $0.destination.bucket < $1.destination.bucket }
    }
}

extension ReplicationConfiguration.Rule {
    func fits(_ key: String, _ tags: Tags) -> Bool {
        ObjectKey.hasPrefix(key, prefix) && self.tags.allSatisfy(tags.contains)
    }

    /// Whether its objects may be of this encryption.
    func accepts(_ encryption: Encryption?) -> Bool {
        if case .managed = encryption?.method { replicatesManagedKeys } else { true }
    }
}

extension Tags {
    func contains(_ tag: Tag) -> Bool { all.contains { $0.key == tag.key && $0.value == tag.value } }
}
