import ServiceKit

/// The storage classes of general purpose buckets.
///
/// [Storage classes](https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html)
enum StorageClass {
    static let standard = "STANDARD"
    static let intelligentTiering = "INTELLIGENT_TIERING"
    static let glacier = "GLACIER"
    static let deepArchive = "DEEP_ARCHIVE"

    private static let others = ["REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"]
    private static let all = Set([standard, intelligentTiering, glacier, deepArchive] + others)

    /// The class a write asks for: the standard one where it names none.
    ///
    /// - Throws: `InvalidStorageClass`, also for the classes of other kinds of buckets.
    static func checked(_ name: String?) throws -> String {
        guard let name else { return standard }
        guard all.contains(name) else {
            throw ServiceError("InvalidStorageClass", "The storage class you specified is not valid")
        }
        return name
    }

    /// Whether objects of the class have to be restored before they can be read.
    static func isArchive(_ name: String) -> Bool { name == glacier || name == deepArchive }
}

extension StoredObject {
    var isArchived: Bool { StorageClass.isArchive(storageClass) }

    /// - Throws: `InvalidObjectState` for an archived object without a restored copy.
    func checkReadable(for purpose: ReadPurpose = .answer) throws {
        guard isArchived, restoration?.expires == nil else { return }
        switch purpose {
        case .answer: throw ServiceError.archived(self)
        case .copy: throw ServiceError.archivedCopySource(self)
        case .checksum: return
        }
    }
}

/// What an object's bytes are read for: an archived object is refused in other words, or not at all.
enum ReadPurpose: Sendable {
    case answer
    case copy
    /// By jobs, which need no restored copy.
    case checksum
}

extension ServiceError {
    fileprivate static func archived(_ object: StoredObject) -> ServiceError {
        invalidObjectState("The operation is not valid for the object's storage class", object)
    }

    fileprivate static func archivedCopySource(_ object: StoredObject) -> ServiceError {
        invalidObjectState("Operation is not valid for the source object's storage class", object)
    }

    static func notRestorable(_ object: StoredObject) -> ServiceError {
        invalidObjectState("Restore is not allowed for the object's current storage class", object)
    }

    private static func invalidObjectState(_ message: String, _ object: StoredObject) -> ServiceError {
        ServiceError("InvalidObjectState", message, status: 403) { $0.member("StorageClass", object.storageClass) }
    }
}
