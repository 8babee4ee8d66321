import ServiceKit

/// The conditional headers of a read, RFC 9110 section 13, in S3's order of precedence.
struct Preconditions: Sendable {
    let ifMatch: String?
    let ifNoneMatch: String?
    let ifModifiedSince: Timestamp?
    let ifUnmodifiedSince: Timestamp?

    /// - Parameter prefix: `CopySource` for the source of a copy.
    init(_ member: Members, prefix: String = "") throws {
        ifMatch = try member(prefix + "IfMatch")
        ifNoneMatch = try member(prefix + "IfNoneMatch")
        ifModifiedSince = try member(prefix + "IfModifiedSince")
        ifUnmodifiedSince = try member(prefix + "IfUnmodifiedSince")
    }

    /// - Throws: `PreconditionFailed` or `NotModified`.
    func check(_ object: StoredObject) throws {
        // HTTP dates have whole seconds.
        let modified = object.modified.seconds
        if let ifMatch {
            guard EntityTag.list(ifMatch, contains: object.etag) else {
                throw ServiceError.preconditionFailed("If-Match")
            }
        } else if let ifUnmodifiedSince, modified > ifUnmodifiedSince.seconds {
            throw ServiceError.preconditionFailed("If-Unmodified-Since")
        }
        if let ifNoneMatch {
            if EntityTag.list(ifNoneMatch, contains: object.etag) { throw ServiceError.notModified(object) }
        } else if let ifModifiedSince, modified <= ifModifiedSince.seconds {
            throw ServiceError.notModified(object)
        }
    }

    /// A copy answers 412 where a read would answer 304.
    func checkCopySource(_ object: StoredObject) throws {
        do {
            try check(object)
        } catch let error as ServiceError where error.status == 304 {
            throw ServiceError.preconditionFailed("x-amz-copy-source-If-None-Match")
        }
    }
}

/// The conditional headers of a write.
struct WritePreconditions: Sendable {
    let ifMatch: String?
    let ifNoneMatch: String?

    init(_ member: Members) throws {
        ifMatch = try member("IfMatch")
        ifNoneMatch = try member("IfNoneMatch")
        if let ifNoneMatch, ifNoneMatch != "*" {
            throw ServiceError.notImplemented("If-None-Match with an entity tag")
        }
    }

    /// - Parameter current: the key's current object; `nil` for none and for a delete marker.
    func check(_ current: StoredObject?, key: String) throws {
        if ifNoneMatch != nil, current != nil { throw ServiceError.preconditionFailed("If-None-Match") }
        if let ifMatch {
            guard let current else { throw ServiceError.noSuchKey(key) }
            guard EntityTag.list(ifMatch, contains: current.etag) else {
                throw ServiceError.preconditionFailed("If-Match")
            }
        }
    }
}

enum EntityTag {
    /// Whether a header's list of tags, quoted or not, or `*`, holds this one.
    static func list(_ header: String, contains etag: String) -> Bool {
        header.split(separator: ",").contains { item in
            var tag = item.drop { $0 == " " }
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            while tag.last == " " { tag = tag.dropLast() }
            if tag == "*" { return true }
            if tag.count >= 2, tag.first == "\"", tag.last == "\"" { tag = tag.dropFirst().dropLast() }
            return tag == etag[...]
        }
    }

    static func unquoted(_ tag: String) -> String {
        tag.count >= 2 && tag.first == "\"" && tag.last == "\"" ? String(tag.dropFirst().dropLast()) : tag
    }
}
