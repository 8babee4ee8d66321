import ServiceKit

/// Gives a device to a user, or to root, who shows that it is at hand, by two of its codes.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html)
struct EnableMFADevice: AWSOperation {
    typealias Input = MFACodesInput

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.mfaHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let holder = try await store.mfaHolder(input.user, in: call)
        try await store.database.write { [store] transaction in
            let holder = try transaction.requireMFAHolder(holder, of: call.account)
            let device = try transaction.requireMFADevice(input.serial, of: call.account)
            guard device.use == nil else { throw ServiceError.exists("MFA Device is already in use.") }
            guard try transaction.mfaDevices(of: holder, in: call.account).count < MFADevice.limitPerHolder else {
                throw ServiceError.quota("MFADevicesPerUser", MFADevice.limitPerHolder)
            }
            let now = Timestamp(seconds: call.now.seconds)
            let use = try input.use(device, by: holder, from: now, of: store, at: call.now)
            try transaction.setUse(use, of: device)
        }
        return NoOutput()
    }
}
