import ServiceKit

/// One version of a layer: an archive that functions find unpacked below `/opt`. Its bytes never change.
struct LayerVersion: Sendable {
    let name: LayerName
    let number: Int
    let package: Package
    /// What the archive measures unpacked.
    let unpackedSize: Int
    let description: String?
    let licenseInfo: String?
    let compatibleRuntimes: [String]
    let compatibleArchitectures: [String]
    let created: Timestamp

    var arn: String { name.arn(number) }

    func suits(runtime: String?, architecture: String?) -> Bool {
        (runtime.map(compatibleRuntimes.contains) ?? true)
            && (architecture.map(compatibleArchitectures.contains) ?? true)
    }
}

/// As lists show it: without its content.
extension LayerVersion: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("LayerVersionArn", arn)
        json.member("Version", number)
        json.member("Description", description)
        json.member("CreatedDate", created.iso8601(milliseconds: true).dropLast() + "+0000")
        if !compatibleRuntimes.isEmpty { json.member("CompatibleRuntimes", compatibleRuntimes) }
        json.member("LicenseInfo", licenseInfo)
        if !compatibleArchitectures.isEmpty { json.member("CompatibleArchitectures", compatibleArchitectures) }
    }
}

/// A layer version by itself, as PublishLayerVersion and GetLayerVersion answer it.
struct LayerVersionOutput: OutputShape {
    let layer: LayerVersion

    func write(to json: inout JSONWriter) {
        json.member("Content") {
            $0.object {
                $0.member("CodeSha256", layer.package.codeSHA256)
                $0.member("CodeSize", layer.package.size)
            }
        }
        json.member("LayerArn", layer.name.arn)
        layer.write(to: &json)
    }
}

/// A layer of an account and region, all versions.
struct LayerName: Sendable, Hashable {
    let account: String
    let region: String
    let name: String

    var arn: String { ARN("lambda", region: region, account: account, "layer:\(name)").description }

    func arn(_ number: Int) -> String { "\(arn):\(number)" }
}

/// How a request names a layer: its name, or its ARN.
struct LayerReferenceName: Sendable, MemberValue {
    private let text: String

    init(json value: JSONValue) throws { text = try String(json: value) }

    func name(in call: Call) -> LayerName {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 7, parts[0] == "arn", parts[5] == "layer" else {
            return LayerName(account: call.account, region: call.region, name: text)
        }
        return LayerName(account: parts[4], region: parts[3], name: parts[6])
    }
}

/// `arn:aws:lambda:us-east-1:123456789012:layer:tools:3`
struct LayerVersionARN: Sendable, Hashable {
    let layer: LayerName
    let number: Int

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 8, parts[0] == "arn", parts[2] == "lambda", parts[5] == "layer", !parts[6].isEmpty,
            let number = Int(parts[7]), number > 0
        else { return nil }
        layer = LayerName(account: parts[4], region: parts[3], name: parts[6])
        self.number = number
    }

    var permission: Permission {
        Permission("lambda:GetLayerVersion", on: layer.arn(number), owner: layer.account)
    }
}
