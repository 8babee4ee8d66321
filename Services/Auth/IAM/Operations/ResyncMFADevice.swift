import ServiceKit

/// Learns from two codes how far a device's clock is off.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html)
struct ResyncMFADevice: AWSOperation {
    typealias Input = MFACodesInput

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { [store] transaction in
            let device = try transaction.requireMFADevice(input.serial, of: call.account, user: input.user)
            let enabled = device.use?.enabled ?? call.now
            try transaction.setUse(try input.use(device, from: enabled, of: store, at: call.now), of: device)
        }
        return NoOutput()
    }
}
