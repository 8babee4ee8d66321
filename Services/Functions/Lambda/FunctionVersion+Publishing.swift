import ServiceKit

extension FunctionVersion {
    /// Whether two versions would run alike: the same code and settings.
    func isSame(as other: FunctionVersion) -> Bool {
        var (left, right) = (self, other)
        right.version = left.version
        right.description = left.description
        right.revisionID = left.revisionID
        right.lastModified = left.lastModified
        left.lastModified = right.lastModified
        return left.encoded == right.encoded
    }
}

extension Transaction {
    /// The function's `$LATEST`, checked against the revision the caller has seen.
    func latest(of key: FunctionKey, revision: String?, api: String = "GetFunctionConfiguration") throws
        -> FunctionVersion
    {
        guard let latest = try version(FunctionVersion.latest, of: key) else {
            throw ServiceError.functionNotFound(key.arn.description)
        }
        if let revision, revision != latest.revisionID { throw ServiceError.preconditionFailed(api) }
        return latest
    }

    /// Gives `$LATEST` a number, unless the last numbered version is the same.
    func publish(_ latest: FunctionVersion, description: String?) throws -> FunctionVersion {
        guard var record = try function(latest.key) else {
            throw ServiceError.functionNotFound(latest.key.arn.description)
        }
        if let last = try versions(of: latest.key).last, last.version != FunctionVersion.latest, last.isSame(as: latest)
        {
            return last
        }
        var published = latest
        published.version = String(record.nextVersion)
        published.description = description ?? latest.description
        published.revisionID = Identifier.uuid()
        record.nextVersion += 1
        try setNextVersion(record.nextVersion, of: latest.key)
        try put(published)
        return published
    }
}
