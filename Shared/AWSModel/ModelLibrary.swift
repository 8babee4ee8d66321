import Glibc
import JSON
import Synchronization

/// The service models in a folder: the index read at once, each model when it is first asked for.
public final class ModelLibrary: Sendable {
    /// Every service's names, by model name.
    public let index: [String: ServiceMetadata]
    private let folder: String
    private let loaded = Mutex<[String: ServiceModel]>([:])

    /// - Throws: `ModelError` where the folder has no readable `index.json`.
    public init(folder: String) throws {
        self.folder = folder
        let root = try JSONDocument(try ModelLibrary.read("\(folder)/index.json")).root
        var index: [String: ServiceMetadata] = [:]
        for entry in root.members { index[entry.name] = ServiceMetadata(service: entry.name, json: entry.value) }
        self.index = index
    }

    /// The models this program came with.
    ///
    /// - Throws: `ModelError` where there is no such folder.
    public static func installed() throws -> ModelLibrary {
        guard let folder = ResourceLocator.current().models else {
            throw ModelError(model: "index", problem: "not found; set APUS_HOME to the folder Apus was installed in")
        }
        return try ModelLibrary(folder: folder)
    }

    /// A model, read from its file the first time.
    ///
    /// - Throws: `ModelError` for a name that is not in the index or a file that cannot be read.
    public func model(_ service: String) throws -> ServiceModel {
        if let model = loaded.withLock({ $0[service] }) { return model }
        guard index[service] != nil else { throw ModelError(model: service, problem: "no such service") }
        let model = try ServiceModel(service: service, ModelLibrary.read("\(folder)/\(service).json"))
        return loaded.withLock { models in
            // Two first callers may have read it; all must share one.
            if let first = models[service] { return first }
            models[service] = model
            return model
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ModelError(model: path, problem: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ModelError(model: path, problem: "no size") }
        let size = Int(status.st_size)
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                guard got > 0 else { throw ModelError(model: path, problem: "shorter than its size") }
                count += got
            }
        }
    }
}
