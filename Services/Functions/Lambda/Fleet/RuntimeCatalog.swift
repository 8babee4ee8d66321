import AWSModel
import Glibc
import Sandbox
import ServiceKit

/// The runtimes this machine can serve, under AWS's identifiers.
struct RuntimeCatalog: Sendable {
    /// AWS's list; what of it is not served here says so.
    private static let known = [
        "nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.9", "python3.10", "python3.11", "python3.12",
        "python3.13", "python3.14", "java8.al2", "java11", "java17", "java21", "java25", "dotnet8", "dotnet10",
        "ruby3.2", "ruby3.3", "ruby3.4", "provided.al2", "provided.al2023",
    ]
    /// What AWS had and makes no functions of any more.
    private static let retired: Set<String> = [
        "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x",
        "nodejs16.x", "java8", "python2.7", "python3.6", "python3.7", "python3.8", "dotnetcore1.0", "dotnetcore2.0",
        "dotnetcore2.1", "dotnetcore3.1", "dotnet6", "go1.x", "ruby2.5", "ruby2.7", "provided",
    ]
    private static let pythonVersions = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]
    private static let nodeIdentifiers = ["nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x"]

    private let runtimes: [String: Runtime]

    /// - Parameters:
    ///   - folder: where `scripts/install-runtimes` installed runtime clients.
    ///   - resources: where Apus's own files are.
    init(folder: String, resources: ResourceLocator) {
        let zygote = resources.program("apus-zygote")
        var runtimes: [String: Runtime] = [:]
        if let zygote {
            for name in ["provided.al2", "provided.al2023"] {
                runtimes[name] = .provided(name: name, zygote: zygote)
            }
            let interpreter = "/usr/bin/node"
            if access(interpreter, X_OK) == 0, let bootstrap = resources.runtime("nodejs") {
                for name in Self.nodeIdentifiers {
                    runtimes[name] = .nodejs(name: name, interpreter: interpreter, folder: bootstrap, zygote: zygote)
                }
            }
        }
        if let library = resources.library("libapus-sandbox.so"), let script = resources.runtime("python") {
            for version in Self.pythonVersions {
                let interpreter = "/usr/bin/python\(version)"
                let client = "\(folder)/python\(version)"
                guard access(interpreter, X_OK) == 0, access("\(client)/awslambdaric", R_OK) == 0 else { continue }
                runtimes["python\(version)"] = .python(
                    version: version, interpreter: interpreter, folder: client, script: script + "/zygote.py",
                    library: library)
            }
        }
        self.runtimes = runtimes
    }

    var names: [String] { runtimes.keys.sorted() }

    /// - Throws: `InvalidParameterValueException`, in AWS's words for what AWS does not know either.
    func runtime(_ name: String) throws -> Runtime {
        if let runtime = runtimes[name] { return runtime }
        guard !Self.retired.contains(name) else { throw ServiceError.retiredRuntime(name) }
        guard Self.known.contains(name) else { throw ServiceError.unknownRuntime(name, known: Self.known) }
        throw ServiceError.invalid(
            "The runtime \(name) is not installed on this host. Installed: \(names.joined(separator: ", ")).")
    }
}

extension ResourceLocator {
    /// A program of ours: installed, or beside the running one.
    fileprivate func program(_ name: String) -> String? {
        folder(["libexec/apus/\(name)", "bin/\(name)", name])
    }

    fileprivate func library(_ name: String) -> String? { folder(["lib/apus/\(name)", "lib/\(name)", name]) }

    fileprivate func runtime(_ name: String) -> String? {
        folder(["share/apus/runtimes/\(name)", "Services/Functions/Runtimes/\(name)"])
    }
}
