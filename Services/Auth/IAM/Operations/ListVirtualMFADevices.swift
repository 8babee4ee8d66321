import ServiceKit

/// Lists the devices of the account, a user's, root's or nobody's.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html)
struct ListVirtualMFADevices: AWSOperation {
    struct Input: InputShape {
        let status: String
        let page: PageInput

        init(_ member: Members) throws {
            status = try member("AssignmentStatus") ?? "Any"
            page = try PageInput(member)
        }

        func wants(_ device: MFADevice) -> Bool { status == "Any" || (status == "Assigned") == (device.use != nil) }
    }

    struct Device: OutputShape {
        let device: MFADevice
        let user: Identity?

        func write(to json: inout JSONWriter) {
            json.member("SerialNumber", device.serial)
            json.member("EnableDate", device.use?.enabled)
            if let user {
                json.member("User", IdentityOutput(identity: user, isDetailed: false))
            } else if device.use?.holder == .root {
                json.member("User") { $0.object(writeRoot) }
            }
        }

        /// Root has neither name nor path.
        private func writeRoot(to json: inout JSONWriter) {
            let root = Caller.root(of: device.account)
            json.member("UserId", root.userID)
            json.member("Arn", root.arn)
            json.member("CreateDate", Timestamp(seconds: 0))
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Device> {
        let devices = try await store.read { snapshot in
            try snapshot.mfaDevices(of: call.account).filter(input.wants).map { device in
                guard case .user(let name) = device.use?.holder else { return Device(device: device, user: nil) }
                return Device(device: device, user: try snapshot.identity(.user, name, of: call.account))
            }
        }
        let scope = "ListVirtualMFADevices \(call.account) \(input.status)"
        let page = try input.page.page(whole: devices, of: scope, sealedBy: store.pages, position: \.device.serial)
        return PageOutput(member: "VirtualMFADevices", page: page)
    }
}
