import ServiceKit

/// Tells who the caller is. Needs no permission.
///
/// [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html)
struct GetCallerIdentity: AWSOperation {
    struct Output: OutputShape {
        let caller: Caller

        func write(to json: inout JSONWriter) {
            json.member("UserId", caller.userID)
            json.member("Account", caller.account)
            json.member("Arn", caller.arn)
        }
    }

    func permissions(for input: NoInput, in call: Call) -> [Permission] { [] }

    func perform(_ input: NoInput, in call: Call) throws -> Output {
        guard call.caller.kind != .anonymous else { throw ServiceError.missingAuthentication }
        return Output(caller: call.caller)
    }
}
