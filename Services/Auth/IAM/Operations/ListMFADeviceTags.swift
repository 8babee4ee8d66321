import ServiceKit

/// Lists the tags of a device.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADeviceTags.html)
struct ListMFADeviceTags: AWSOperation {
    struct Input: InputShape {
        let serial: String
        let page: PageInput

        init(_ member: Members) throws {
            serial = try member("SerialNumber")
            page = try PageInput(member)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.serial, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Tag> {
        let device = try await store.read { try $0.requireMFADevice(input.serial, of: call.account) }
        let scope = "ListMFADeviceTags \(call.account) \(input.serial)"
        let tags = device.tags.sorted { $0.key < $1.key }
        let page = try input.page.page(whole: tags, of: scope, sealedBy: store.pages, position: \.key)
        return PageOutput(member: "Tags", page: page)
    }
}
