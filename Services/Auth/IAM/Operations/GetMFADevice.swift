import ServiceKit

/// Reads a device of a user, or of root.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html)
struct GetMFADevice: AWSOperation {
    struct Input: InputShape {
        let serial: String
        let user: String?

        init(_ member: Members) throws {
            serial = try member("SerialNumber")
            user = try member("UserName")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.mfaHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> MFADeviceOutput {
        let holder = try await store.mfaHolder(input.user, in: call)
        return try await store.read { snapshot in
            let holder = try snapshot.requireMFAHolder(holder, of: call.account)
            return MFADeviceOutput(
                device: try snapshot.requireMFADevice(input.serial, of: call.account, holder: holder))
        }
    }
}
