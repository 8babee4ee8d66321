import ServiceKit

/// Lists the devices of a user, or of root.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html)
struct ListMFADevices: AWSOperation {
    struct Input: InputShape {
        let user: String?
        let page: PageInput

        init(_ member: Members) throws {
            user = try member("UserName")
            page = try PageInput(member)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.mfaHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<MFADeviceOutput> {
        let holder = try await store.mfaHolder(input.user, in: call)
        let devices = try await store.read { snapshot in
            try snapshot.mfaDevices(
                of: try snapshot.requireMFAHolder(holder, of: call.account), in: call.account)
        }
        let scope = "ListMFADevices \(call.account) \(holder)"
        let page = try input.page.page(whole: devices, of: scope, sealedBy: store.pages, position: \.serial)
        return PageOutput(member: "MFADevices", page: page.map(MFADeviceOutput.init))
    }
}
