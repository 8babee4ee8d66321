import ServiceKit

extension FunctionVersion {
    /// A new `$LATEST` with AWS's defaults.
    init(key: FunctionKey, runtime: String, handler: String, role: String, _ package: Package, at now: Timestamp) {
        (self.key, self.runtime, self.handler, self.role, self.package) = (key, runtime, handler, role, package)
        version = Self.latest
        description = ""
        timeoutSeconds = 3
        memoryMegabytes = 128
        storageMegabytes = 512
        variables = nil
        deadLetterTarget = nil
        tracingMode = "PassThrough"
        layers = []
        architectures = ["x86_64"]
        logging = nil
        lastModified = now
        revisionID = Identifier.uuid()
    }
}
