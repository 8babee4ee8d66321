import Glibc
import ServiceKit

/// `apus env`
struct Environment {
    let stack: Stack
    let options: Invocation.Options

    func run() throws -> Int32 {
        guard let credentials = try RootCredentials.existing(in: stack.dataDirectory) else {
            throw NeverStarted(dataDirectory: stack.dataDirectory)
        }
        let endpoint = try stack.endpoint(options)
        guard let profile = options.profile else {
            Terminal.say(exports(credentials, endpoint: endpoint))
            return 0
        }
        try write(profile, credentials, endpoint: endpoint)
        Terminal.say("export AWS_PROFILE=\(profile)")
        return 0
    }

    private func exports(_ credentials: RootCredentials, endpoint: String) -> String {
        """
        export AWS_ACCESS_KEY_ID=\(credentials.accessKeyID)
        export AWS_SECRET_ACCESS_KEY=\(credentials.secretAccessKey)
        export AWS_DEFAULT_REGION=\(stack.configuration.region)
        export AWS_ENDPOINT_URL=\(endpoint)
        """
    }

    private func write(_ profile: String, _ credentials: RootCredentials, endpoint: String) throws {
        let home = "\(stack.configuration["HOME"] ?? "")/.aws"
        try edit(stack.configuration["AWS_CONFIG_FILE"] ?? "\(home)/config") { file in
            let section = profile == "default" ? profile : "profile \(profile)"
            file.set("region", stack.configuration.region, in: section)
            file.set("endpoint_url", endpoint, in: section)
        }
        try edit(stack.configuration["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(home)/credentials") { file in
            file.set("aws_access_key_id", credentials.accessKeyID, in: profile)
            file.set("aws_secret_access_key", credentials.secretAccessKey, in: profile)
        }
    }

    /// Replaces the file whole, so that nobody's other profiles are lost half-way.
    private func edit(_ path: String, _ change: (inout ProfileFile) -> Void) throws {
        if let slash = path.lastIndex(of: "/") { try FileBytes.makeDirectory(String(path[..<slash])) }
        var text: [UInt8] = []
        do {
            text = try FileBytes.read(path, limit: 1 << 20)
        } catch let failure as FileBytes.Failure where failure.isMissing {}
        var file = ProfileFile(String(decoding: text, as: UTF8.self))
        change(&file)
        let draft = "\(path).apus"
        unlink(draft)
        _ = try FileBytes.createPrivate(draft, Array(file.text.utf8))
        guard rename(draft, path) == 0 else { throw FileBytes.Failure(path: path, code: errno) }
    }
}

struct NeverStarted: Error, CustomStringConvertible {
    let dataDirectory: String
    var description: String { "the stack in \(dataDirectory) was never started: apus up makes its credentials" }
}
