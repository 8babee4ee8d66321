import ServiceKit

/// Deletes a device that is nobody's.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html)
struct DeleteVirtualMFADevice: AWSOperation {
    struct Input: InputShape {
        let serial: String
        init(_ member: Members) throws { serial = try member("SerialNumber") }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.serial, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            let device = try transaction.requireMFADevice(input.serial, of: call.account)
            guard device.use == nil else {
                throw ServiceError.deleteConflict("MFA VirtualDevice in use. Must deactivate first.")
            }
            try transaction.delete(device)
        }
        return NoOutput()
    }
}
