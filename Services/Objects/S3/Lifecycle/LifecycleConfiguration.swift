import ServiceKit

/// When a bucket's objects go to other storage classes, and when they go altogether.
///
/// [Elements](https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html)
struct LifecycleConfiguration: Sendable {
    /// When an action is due: so many days after the event, or from a date on.
    enum Time: Sendable, Equatable {
        case days(Int64)
        case date(Timestamp)
    }

    struct Transition: Sendable {
        let time: Time
        let storageClass: String
    }

    /// Of versions that are not current any more.
    struct NoncurrentAction: Sendable {
        let days: Int64
        /// How many newer ones that are not current stay untouched too.
        let kept: Int
        /// `nil`: they expire.
        let storageClass: String?
    }

    struct Filter: Sendable {
        let prefix: String
        let tags: [Tag]
        let greaterThan: Int64?
        let lessThan: Int64?

        var hasSize: Bool { greaterThan != nil || lessThan != nil }

        func fits(_ key: String, size: Int64, _ tags: Tags) -> Bool {
            ObjectKey.hasPrefix(key, prefix) && self.tags.allSatisfy(tags.contains)
                && greaterThan.map { size > $0 } ?? true && lessThan.map { size < $0 } ?? true
        }
    }

    struct Rule: Sendable {
        let id: String
        let isEnabled: Bool
        let filter: Filter
        let expiration: Time?
        /// Delete markers with nothing below them, of any age.
        let removesLoneMarkers: Bool
        let transitions: [Transition]
        let noncurrentActions: [NoncurrentAction]
        /// Uploads that nobody finishes.
        let abortDays: Int64?
    }

    /// Below which size objects stay in their class, unless a rule's filter names sizes.
    enum MinimumSize: String, Sendable {
        case everywhere = "all_storage_classes_128K"
        /// Archives take what is smaller.
        case byClass = "varies_by_storage_class"

        static let bytes: Int64 = 128 << 10
    }

    let rules: [Rule]
    let minimumSize: MinimumSize

    func hasMinimumSize(for storageClass: String, _ rule: Rule) -> Bool {
        if rule.filter.hasSize { return false }
        return minimumSize == .everywhere || !StorageClass.isArchive(storageClass)
    }
}

extension LifecycleConfiguration.Time {
    private static let dayMilliseconds: Int64 = 24 * 3600 * 1000

    /// When it is due after an event: days are rounded up to midnight UTC.
    func due(after event: Timestamp) -> Timestamp {
        switch self {
        case .date(let date): return date
        case .days(let days):
            let midnight = event.milliseconds / Self.dayMilliseconds * Self.dayMilliseconds
            return Timestamp(milliseconds: midnight + (days + 1) * Self.dayMilliseconds)
        }
    }
}
