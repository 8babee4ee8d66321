import ServiceKit

/// Creates the role that a service of AWS works under.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html)
struct CreateServiceLinkedRole: AWSOperation {
    struct Input: InputShape {
        let service: String
        let description: String?
        let suffix: String?

        init(_ member: Members) throws {
            service = try member("AWSServiceName")
            description = try member("Description")
            suffix = try member("CustomSuffix")
        }

        /// `AWSServiceRoleForAPIGateway` for `ops.apigateway.amazonaws.com`.
        var roleName: String {
            let labels = service.split(separator: ".").filter { $0 != "amazonaws" && $0 != "com" }
            let title = labels.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            return "AWSServiceRoleFor\(title)" + (suffix.map { "_\($0)" } ?? "")
        }

        var path: String { "/aws-service-role/\(service)/" }
    }
    typealias Output = CreateRole.Output

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let arn = "arn:aws:iam::\(call.account):role\(input.path)\(input.roleName)"
        return [Permission(on: arn, owner: call.account, context: ["iam:AWSServiceName": [input.service]])]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let trust = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"\(input.service)"},\
            "Action":"sts:AssumeRole"}]}
            """
        try IAMStore.check(trust, as: .trust)
        let role = Identity(
            .role, named: input.roleName, path: input.path, in: call,
            role: .init(
                trustPolicy: trust, description: input.description, maxSessionSeconds: Identity.defaultSessionSeconds))
        try await store.change { transaction in
            guard try transaction.identity(.role, role.name, of: call.account) == nil else {
                throw ServiceError.invalidInput(
                    "Service role name \(role.name) has been taken in this account, please try a different suffix.")
            }
            try transaction.insert(role)
        }
        return Output(role: role)
    }
}
