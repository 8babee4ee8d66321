import ServiceKit

/// Takes a code of the device of an account's root, for executables that ask for a second factor themselves.
///
/// Whoever calls has made sure that its own caller is that root: codes that somebody else tries would lock root out.
struct TakeRootMFACode: AWSOperation {
    struct Input: InputShape {
        let account: String
        let serial: String
        let code: String
        /// Names the use: asked for it again, because the answer was lost, the answer is the same.
        let token: String

        init(_ member: Members) throws {
            account = try member("Account")
            serial = try member("SerialNumber")
            code = try member("TokenCode")
            token = try member("Token")
        }
    }

    struct Output: OutputShape {
        let verdict: MFACodes.Verdict
        func write(to json: inout JSONWriter) { json.member("Verdict", verdict.rawValue) }
    }

    let codes: MFACodes

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(
            verdict: try await codes.take(
                input.code, of: input.serial, by: .root, in: input.account, for: input.token, at: call.now))
    }
}
