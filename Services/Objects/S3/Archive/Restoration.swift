import ServiceKit

/// A copy of an archived object that was asked for, for some days.
///
/// [Restoring an archived object](https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html)
struct Restoration: Sendable, Equatable {
    /// The object's row.
    let object: Int64
    let tier: RetrievalTier
    let days: Int
    /// When the copy is there.
    let ready: Timestamp
    /// When the copy goes away again; `nil` while it is on its way.
    let expires: Timestamp?

    var isInProgress: Bool { expires == nil }

    /// When there is something to do about it.
    var due: Timestamp { expires ?? ready }

    /// The same once the copy is there.
    func completed(at now: Timestamp) -> Restoration {
        Restoration(object: object, tier: tier, days: days, ready: ready, expires: Self.expiry(days: days, from: now))
    }

    /// The days, and what is left of the last one: copies go away at midnight UTC.
    static func expiry(days: Int, from now: Timestamp) -> Timestamp {
        let day: Int64 = 24 * 3600 * 1000
        let end = now.milliseconds + Int64(days) * day
        return Timestamp(milliseconds: (end + day - 1) / day * day)
    }

    /// The header `x-amz-restore`.
    var header: String {
        guard let expires else { return #"ongoing-request="true""# }
        return #"ongoing-request="false", expiry-date="\#(expires.httpDate)""#
    }

    /// Of a listing.
    func writeStatus(to json: inout JSONWriter) {
        json.member("RestoreStatus") { json in
            json.object { json in
                json.member("IsRestoreInProgress", isInProgress)
                json.member("RestoreExpiryDate", expires)
            }
        }
    }
}

/// How fast a copy is wanted, the slowest first.
enum RetrievalTier: String, Sendable, CaseIterable, SQLValue {
    case bulk = "Bulk"
    case standard = "Standard"
    case expedited = "Expedited"

    func isFaster(than other: RetrievalTier) -> Bool {
        let order = Self.allCases
        return (order.firstIndex(of: self) ?? 0) > (order.firstIndex(of: other) ?? 0)
    }
}

/// How long restoring takes. The bytes are at hand, so the time is a setting: long enough for a program to see the
/// object on its way, short enough for a test.
struct RestoreTimes: Sendable {
    /// Of the tier `Standard` from the class `GLACIER`.
    let standard: Duration

    /// The other tiers and classes in about AWS's proportions.
    func duration(of tier: RetrievalTier, from storageClass: String) -> Duration {
        let byTier =
            switch tier {
            case .expedited: standard / 10
            case .standard: standard
            case .bulk: standard * 2
            }
        return storageClass == StorageClass.deepArchive ? byTier * 3 : byTier
    }
}
