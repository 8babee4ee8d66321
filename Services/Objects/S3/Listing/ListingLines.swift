import ServiceKit

/// The lines of a listing, as the JSON that is answered: written while their rows are read, a thousand of them a page.
struct ListingLines: Sendable {
    /// About as long as one is.
    private static let lineLength = 256

    private let form: ListingForm
    private let bucketOwner: [UInt8]
    private var json: JSONWriter

    private(set) var isEmpty = true

    /// - Parameter limit: how many lines there may be.
    init(_ form: ListingForm, upTo limit: Int) {
        self.form = form
        var owner = JSONWriter()
        if let bucketOwner = form.owner { owner.value(bucketOwner) }
        self.bucketOwner = owner.bytes
        json = JSONWriter(capacity: limit * Self.lineLength)
        json.beginArray()
    }

    /// The array of structures; nothing is appended afterwards.
    mutating func finish() -> [UInt8] {
        json.endArray()
        return json.bytes
    }

    mutating func append(_ object: ListedObject, in snapshot: Snapshot) throws {
        isEmpty = false
        json.beginObject()
        try object.write(to: &json, form, bucketOwner: bucketOwner, in: snapshot)
        json.endObject()
    }

    mutating func append(version object: ListedObject, isLatest: Bool, in snapshot: Snapshot) throws {
        isEmpty = false
        json.beginObject()
        if try object.isDeleteMarker {
            try object.writeKey(to: &json, form)
            try object.writeOwner(to: &json, bucketOwner)
        } else {
            try object.write(to: &json, form, bucketOwner: bucketOwner, in: snapshot)
        }
        try object.writeVersion(to: &json, isLatest: isLatest)
        json.endObject()
    }
}
