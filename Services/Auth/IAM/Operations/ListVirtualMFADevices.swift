import ServiceKit

/// Lists the devices of the account, a user's or nobody's.
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
            guard let user else { return }
            json.member("User") { json in
                json.object { json in
                    json.member("Path", user.path)
                    json.member("UserName", user.name)
                    json.member("UserId", user.uniqueID)
                    json.member("Arn", user.arn)
                    json.member("CreateDate", user.created)
                }
            }
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Device> {
        let devices = try await store.read { snapshot in
            try snapshot.mfaDevices(of: call.account).filter(input.wants).map { device in
                let user = try device.use.flatMap { try snapshot.identity(.user, $0.user, of: call.account) }
                return Device(device: device, user: user)
            }
        }
        let scope = "ListVirtualMFADevices \(call.account) \(input.status)"
        let page = try input.page.page(whole: devices, of: scope, sealedBy: store.pages, position: \.device.serial)
        return PageOutput(member: "VirtualMFADevices", page: page)
    }
}
