import ServiceKit

/// Takes a device from its user, or from root.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html)
struct DeactivateMFADevice: AWSOperation {
    struct Input: InputShape {
        let user: String?
        let serial: String

        init(_ member: Members) throws {
            user = try member("UserName")
            serial = try member("SerialNumber")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.mfaHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let holder = try await store.mfaHolder(input.user, in: call)
        try await store.database.write { transaction in
            let holder = try transaction.requireMFAHolder(holder, of: call.account)
            let device = try transaction.requireMFADevice(input.serial, of: call.account, holder: holder)
            try transaction.setUse(nil, of: device)
        }
        return NoOutput()
    }
}
