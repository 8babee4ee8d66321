import ServiceKit

/// What answers say of what rules will do.
extension Bucket {
    /// When a current object expires: `x-amz-expiration`.
    func expiry(of key: String, size: Int64, _ tags: Tags, modified: Timestamp) -> String? {
        guard let lifecycle else { return nil }
        var soonest: (due: Timestamp, rule: String)?
        for rule in lifecycle.rules where rule.isEnabled && rule.filter.fits(key, size: size, tags) {
            guard let due = rule.expiration?.due(after: modified) else { continue }
            if let known = soonest, known.due <= due { continue }
            soonest = (due, rule.id)
        }
        return soonest.map { "expiry-date=\"\($0.due.httpDate)\", rule-id=\"\($0.rule)\"" }
    }

    func expiry(of draft: ObjectDraft, modified: Timestamp) -> String? {
        expiry(of: draft.key, size: draft.size, draft.tags, modified: modified)
    }

    /// When an upload is given up: `x-amz-abort-date` and `x-amz-abort-rule-id`.
    func abortion(of upload: Upload) -> UploadAbortion? {
        var soonest: UploadAbortion?
        for rule in lifecycle?.rules ?? [] where rule.isEnabled {
            guard let date = rule.abortion(of: upload.key, upload.initiated) else { continue }
            if let known = soonest, known.date <= date { continue }
            soonest = UploadAbortion(date: date, rule: rule.id)
        }
        return soonest
    }
}

/// The end that a rule will make of an upload.
struct UploadAbortion: Sendable {
    let date: Timestamp
    let rule: String

    func write(to json: inout JSONWriter) {
        json.member("AbortDate", date)
        json.member("AbortRuleId", rule)
    }
}
