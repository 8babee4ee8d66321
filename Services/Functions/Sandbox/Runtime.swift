/// How functions of one runtime are started: the program that becomes their zygote, and the command they become.
public struct Runtime: Sendable, Hashable {
    /// AWS's identifier: `python3.11`, `nodejs20.x`, `provided.al2023`.
    public let name: String
    /// The program and arguments of the zygote.
    let zygote: [String]
    /// What becomes `/var/runtime`.
    let folder: String?
    /// The command that serves functions, up to the handler's name. `apus-zygote` takes several paths of the program,
    /// separated by colons, and runs the first that can be executed.
    let command: [String]
    /// Whether the command takes the handler's name; a package's own program reads it from its environment.
    let takesHandler: Bool
    /// Whether packages are byte-compiled when published.
    public let compilesPackages: Bool

    /// CPython with the zygote that has the runtime client imported.
    ///
    /// - Parameters:
    ///   - folder: where `scripts/install-runtimes` put the client and the SDK.
    ///   - script: `Runtimes/python/zygote.py`.
    ///   - library: CSandbox as a shared library.
    public static func python(
        version: String, interpreter: String, folder: String, script: String, library: String
    ) -> Runtime {
        Runtime(
            name: "python" + version, zygote: [interpreter, "-I", "-S", script, library], folder: folder,
            command: ["run"], takesHandler: true, compilesPackages: true)
    }

    /// Node.js with our bootstrap.
    ///
    /// - Parameters:
    ///   - interpreter: the path of `node`, below `/usr`.
    ///   - folder: `Runtimes/nodejs`, which holds `bootstrap.mjs`.
    ///   - zygote: the program `apus-zygote`.
    public static func nodejs(name: String, interpreter: String, folder: String, zygote: String) -> Runtime {
        Runtime(
            name: name, zygote: [zygote], folder: folder, command: [interpreter, "/var/runtime/bootstrap.mjs"],
            takesHandler: true, compilesPackages: false)
    }

    /// A runtime that the package or a layer brings, as an executable named `bootstrap`.
    public static func provided(name: String, zygote: String) -> Runtime {
        Runtime(
            name: name, zygote: [zygote], folder: nil,
            command: ["/var/task/bootstrap:/opt/bootstrap"], takesHandler: false, compilesPackages: false)
    }
}
