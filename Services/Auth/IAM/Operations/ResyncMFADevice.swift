import ServiceKit

/// Learns from two codes how far a device's clock is off.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html)
struct ResyncMFADevice: AWSOperation {
    typealias Input = MFACodesInput

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.mfaHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let holder = try await store.mfaHolder(input.user, in: call)
        try await store.database.write { [store] transaction in
            let device = try transaction.requireMFADevice(input.serial, of: call.account, holder: holder)
            let use = try input.use(
                device, by: device.use?.holder ?? holder, from: device.use?.enabled ?? call.now, of: store,
                at: call.now)
            try transaction.setUse(use, of: device)
        }
        return NoOutput()
    }
}
