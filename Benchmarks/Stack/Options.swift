import AWSSignature
import HTTP

/// What to send, where, how long: `stack-bench WORKLOAD NAME=VALUE…`.
struct Options {
    let workload: String
    private let values: [String: String]

    init(arguments: [String]) throws(UsageError) {
        guard let workload = arguments.dropFirst().first else { throw UsageError("a workload is missing") }
        self.workload = workload
        var values: [String: String] = [:]
        for argument in arguments.dropFirst(2) {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw UsageError("NAME=VALUE expected, not \(argument)") }
            values[String(parts[0])] = String(parts[1])
        }
        self.values = values
    }

    func text(_ name: String, default standard: String? = nil) throws(UsageError) -> String {
        guard let value = values[name] ?? standard else { throw UsageError("\(name)=… is missing") }
        return value
    }

    func number(_ name: String, default standard: Int) throws(UsageError) -> Int {
        guard let text = values[name] else { return standard }
        guard let number = Int(text) else { throw UsageError("\(name) is a number, not \(text)") }
        return number
    }

    func origin() throws(UsageError) -> Origin {
        let url = try text("endpoint")
        guard let (origin, _) = Origin.parse(url: url) else { throw UsageError("\(url) is no URL") }
        return origin
    }

    /// Of the endpoint, which is this machine's.
    func port() throws(UsageError) -> UInt16 {
        guard let port = UInt16(try authority().split(separator: ":").last ?? "") else {
            throw UsageError("the endpoint needs a port")
        }
        return port
    }

    /// What stands in `Host`.
    func authority() throws(UsageError) -> String {
        let url = try text("endpoint")
        return String(url.split(separator: "/").last ?? "")
    }

    func signer(_ service: String) throws(UsageError) -> Signer {
        let credentials = Signer.Credentials(accessKeyID: try text("key"), secret: try text("secret"))
        return Signer(credentials, region: "us-east-1", service: service)
    }
}

struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
