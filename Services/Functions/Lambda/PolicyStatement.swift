import ServiceKit

/// One statement of a function's resource policy, as AddPermission makes it.
struct PolicyStatement: Sendable {
    let id: String
    let json: [UInt8]

    /// - Parameters:
    ///   - principal: a service (`s3.amazonaws.com`), an account, an ARN or `*`.
    ///   - sourceARN: the one resource on whose behalf a service may call.
    init(
        id: String, action: String, principal: String, resource: String, sourceARN: String?, sourceAccount: String?,
        eventSourceToken: String?, organization: String?, urlAuthentication: String?
    ) {
        self.id = id
        var json = JSONWriter()
        json.object { json in
            json.member("Sid", id)
            json.member("Effect", "Allow")
            json.member("Principal") { Self.write(principal, to: &$0) }
            json.member("Action", action)
            json.member("Resource", resource)
            let equal = [
                "AWS:SourceAccount": sourceAccount, "lambda:EventSourceToken": eventSourceToken,
                "aws:PrincipalOrgID": organization, "lambda:FunctionUrlAuthType": urlAuthentication,
            ].compactMapValues { $0 }
            guard sourceARN != nil || !equal.isEmpty else { return }
            json.member("Condition") {
                $0.object {
                    if !equal.isEmpty { $0.member("StringEquals", equal) }
                    if let sourceARN { $0.member("ArnLike", ["AWS:SourceArn": sourceARN]) }
                }
            }
        }
        self.json = json.bytes
    }

    init(id: String, json: [UInt8]) { (self.id, self.json) = (id, json) }

    /// The whole policy of a function, version or alias.
    static func policy(of statements: [PolicyStatement]) -> [UInt8] {
        var json = JSONWriter()
        json.object {
            $0.member("Version", "2012-10-17")
            $0.member("Id", "default")
            $0.member("Statement") {
                $0.array { json in for statement in statements { json.raw(statement.json) } }
            }
        }
        return json.bytes
    }

    private static func write(_ principal: String, to json: inout JSONWriter) {
        if principal == "*" { return json.string("*") }
        let isAccount = principal.utf8.count == 12 && principal.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        json.object {
            if principal.hasSuffix(".amazonaws.com") || principal.hasSuffix(".apus") {
                $0.member("Service", principal)
            } else {
                $0.member("AWS", isAccount ? "arn:aws:iam::\(principal):root" : principal)
            }
        }
    }
}
