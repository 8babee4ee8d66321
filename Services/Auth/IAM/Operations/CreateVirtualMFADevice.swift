import ServiceKit

/// Makes a device that shows one-time codes; its seed is told this once.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html)
struct CreateVirtualMFADevice: AWSOperation {
    struct Input: InputShape {
        let name: String
        let path: String
        let tags: [Tag]

        init(_ member: Members) throws {
            name = try member("VirtualMFADeviceName")
            path = try member("Path") ?? "/"
            tags = try member("Tags") ?? []
        }

        func serial(in call: Call) -> String { MFADevice.serial(named: name, path: path, in: call.account) }
    }

    struct Output: OutputShape {
        let serial: String
        let seed: [UInt8]
        let tags: [Tag]

        func write(to json: inout JSONWriter) {
            json.member("VirtualMFADevice") { json in
                json.object { json in
                    json.member("SerialNumber", serial)
                    // A blob that holds text.
                    json.member("Base32StringSeed", Base64.string(Array(Base32.string(seed).utf8)))
                    if !tags.isEmpty { json.member("Tags", tags) }
                }
            }
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.serial(in: call), owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (serial, seed) = (input.serial(in: call), SecureRandom.bytes(MFADevice.seedByteCount))
        let device = MFADevice(
            serial: serial, account: call.account,
            sealedSeed: try store.masterKey.seal(seed, for: MFADevice.context(serial)), tags: try input.tags.checked())
        try await store.database.write { try $0.insert(device) }
        return Output(serial: serial, seed: seed, tags: device.tags)
    }
}
