import ServiceKit

/// Gives a device to a user who shows that it is at hand, by two of its codes.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html)
struct EnableMFADevice: AWSOperation {
    typealias Input = MFACodesInput

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { [store] transaction in
            let user = try transaction.requireIdentity(.user, input.user, of: call.account)
            let device = try transaction.requireMFADevice(input.serial, of: call.account)
            guard device.use == nil else { throw ServiceError.exists("MFA Device is already in use.") }
            guard try transaction.mfaDevices(of: user.name, in: call.account).count < MFADevice.limitPerUser else {
                throw ServiceError.quota("MFADevicesPerUser", MFADevice.limitPerUser)
            }
            let now = Timestamp(seconds: call.now.seconds)
            try transaction.setUse(try input.use(device, from: now, of: store, at: call.now), of: device)
        }
        return NoOutput()
    }
}
