import ServiceKit

// The three operations share their names with those of buckets, and a module has each file name once.

/// The input of operations on an account as a whole.
struct AccountInput: InputShape {
    let account: String

    init(_ member: Members) throws { account = try member("AccountId") }

    func permission(_ action: String) -> Permission { Permission(action, on: "*", owner: account) }
}

extension S3Control {
    /// Answers what an account forbids all its buckets.
    ///
    /// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html)
    struct GetPublicAccessBlock: AWSOperation {
        struct Output: OutputShape {
            let configuration: JSONValue

            func write(to json: inout JSONWriter) { json.member("PublicAccessBlockConfiguration", configuration) }
        }

        let store: S3Store

        func permissions(for input: AccountInput, in call: Call) -> [Permission] {
            [input.permission("s3:GetAccountPublicAccessBlock")]
        }

        func perform(_ input: AccountInput, in call: Call) async throws -> Output {
            let found = try await store.read { try $0.publicAccessBlock(ofAccount: input.account) }
            guard let found else { throw ServiceError.noSuchAccountPublicAccessBlock }
            return Output(configuration: found)
        }
    }

    /// Says what an account forbids all its buckets.
    ///
    /// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html)
    struct PutPublicAccessBlock: AWSOperation {
        struct Input: InputShape {
            let target: AccountInput
            let configuration: JSONValue

            init(_ member: Members) throws {
                target = try AccountInput(member)
                configuration = try member("PublicAccessBlockConfiguration")
            }
        }

        let store: S3Store

        func permissions(for input: Input, in call: Call) -> [Permission] {
            [input.target.permission("s3:PutAccountPublicAccessBlock")]
        }

        func perform(_ input: Input, in call: Call) async throws -> NoOutput {
            try await store.database.write {
                try $0.setPublicAccessBlock(ofAccount: input.target.account, to: input.configuration)
            }
            return NoOutput()
        }
    }

    /// Takes back what an account forbids all its buckets.
    ///
    /// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DeletePublicAccessBlock.html)
    struct DeletePublicAccessBlock: AWSOperation {
        let store: S3Store

        func permissions(for input: AccountInput, in call: Call) -> [Permission] {
            [input.permission("s3:PutAccountPublicAccessBlock")]
        }

        func perform(_ input: AccountInput, in call: Call) async throws -> NoOutput {
            try await store.database.write { try $0.setPublicAccessBlock(ofAccount: input.account, to: nil) }
            return NoOutput()
        }
    }
}

extension ServiceError {
    fileprivate static let noSuchAccountPublicAccessBlock = ServiceError(
        "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", status: 404)
}
