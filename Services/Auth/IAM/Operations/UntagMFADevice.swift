import ServiceKit

/// Removes tags from a device.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagMFADevice.html)
struct UntagMFADevice: AWSOperation {
    struct Input: InputShape {
        let serial: String
        let keys: [String]

        init(_ member: Members) throws {
            serial = try member("SerialNumber")
            keys = try member("TagKeys")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.serial, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            let device = try transaction.requireMFADevice(input.serial, of: call.account)
            var tags = device.tags
            tags.remove(input.keys)
            try transaction.setTags(tags, of: device)
        }
        return NoOutput()
    }
}
