import ServiceKit

/// Adds tags to a device.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagMFADevice.html)
struct TagMFADevice: AWSOperation {
    struct Input: InputShape {
        let serial: String
        let tags: [Tag]

        init(_ member: Members) throws {
            serial = try member("SerialNumber")
            tags = try member("Tags")
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
            try tags.set(input.tags)
            try transaction.setTags(tags, of: device)
        }
        return NoOutput()
    }
}
