import ServiceKit

/// Tells when and where an access key was used last.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html)
struct GetAccessKeyLastUsed: AWSOperation {
    struct Input: InputShape {
        let id: String
        init(_ member: Members) throws { id = try member("AccessKeyId") }
    }

    struct Output: OutputShape {
        let key: AccessKey

        func write(to json: inout JSONWriter) {
            json.member("UserName", key.user ?? "root")
            json.member("AccessKeyLastUsed") { json in
                json.object { json in
                    json.member("LastUsedDate", key.lastUse?.date)
                    json.member("ServiceName", key.lastUse?.service ?? "N/A")
                    json.member("Region", key.lastUse?.region ?? "N/A")
                }
            }
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        guard let user = try await store.read({ try $0.accessKey(input.id)?.user }) else {
            return [Permission(on: "*")]
        }
        return [try await store.permission(.user, user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let key = try await store.read({ try $0.accessKey(input.id) }), key.account == call.account else {
            throw ServiceError.accessKeyNotFound(input.id)
        }
        return Output(key: key)
    }
}
