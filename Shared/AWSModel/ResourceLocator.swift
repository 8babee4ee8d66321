import Glibc

/// Finds the files that Apus reads at run time: in the source tree, or where they were installed.
public struct ResourceLocator: Sendable {
    private let roots: [String]

    /// `APUS_HOME` where it is set, then every folder above the running executable, the nearest first.
    public static func current() -> ResourceLocator {
        let home = getenv("APUS_HOME").map { [String(cString: $0)] } ?? []
        return ResourceLocator(roots: home + folders(above: executablePath() ?? ""))
    }

    public init(roots: [String]) { self.roots = roots }

    /// The first of `candidates` (paths below a root) that exists, looked for root by root.
    public func folder(_ candidates: [String]) -> String? {
        for root in roots {
            for candidate in candidates where access("\(root)/\(candidate)", R_OK) == 0 {
                return "\(root)/\(candidate)"
            }
        }
        return nil
    }

    /// The service models.
    public var models: String? { folder(["share/apus/models", "Shared/AWSModel/Models"]) }

    /// What AWS publishes about types of resources in templates.
    public var resourceSchemas: String? {
        folder(["share/apus/resource-schemas", "Services/Stacks/CloudFormation/Schemas"])
    }

    private static func folders(above path: String) -> [String] {
        var folders: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            folders.append(String(rest))
        }
        return folders
    }

    private static func executablePath() -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink("/proc/self/exe", start, buffer.count)
            guard count > 0 else { return nil }
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
