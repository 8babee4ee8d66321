import ServiceKit

/// Lists the table buckets of the account and region.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_ListTableBuckets.html)
struct ListTableBuckets: AWSOperation {
    struct Input: InputShape {
        let prefix: String
        let token: String?
        let limit: Int
        /// `customer` or `aws`; `nil` for both.
        let type: String?

        init(_ member: Members) throws {
            prefix = try member("prefix") ?? ""
            token = try member("continuationToken")
            limit = try member("maxBuckets") ?? 1000
            type = try member("type")
        }
    }

    struct Output: OutputShape {
        let page: Page<TableBucket>

        func write(to json: inout JSONWriter) {
            json.member("tableBuckets") { json in
                json.array { json in for bucket in page.elements { json.object { bucket.write(to: &$0) } } }
            }
            json.member("continuationToken", page.next)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let page = try await store.tablePage(input.token, limit: input.limit, call) { snapshot, name, limit in
            try snapshot.tableBuckets(of: call.account, region: call.region, after: name, limit: limit)
        } position: {
            $0.name
        } where: {
            $0.name.hasPrefix(input.prefix) && (input.type ?? $0.type) == $0.type
        }
        return Output(page: page)
    }
}

extension TableBucket {
    var type: String { isManaged ? "aws" : "customer" }

    func write(to json: inout JSONWriter) {
        json.member("arn", arn.description)
        json.member("name", name)
        json.member("ownerAccountId", account)
        json.member("createdAt", created)
        json.member("tableBucketId", uuid)
        json.member("type", type)
    }
}

extension S3Store {
    /// A page of what is listed by name. A token is the place behind which the next page begins.
    func tablePage<Element: Sendable>(
        _ token: String?, limit: Int, _ call: Call,
        read: (Snapshot, _ after: String, _ limit: Int) throws -> [Element], position: (Element) -> String,
        where isWanted: (Element) -> Bool
    ) async throws -> Page<Element> {
        var place = ""
        if let token {
            guard let bytes = Base64.decode(Array(token.utf8), .url),
                let text = String(validating: bytes, as: UTF8.self)
            else { throw ServiceError.badTableRequest("The continuation token is not valid.") }
            place = text
        }
        var found: [Element] = []
        while true {
            let after = place
            let some = try await self.read { try read($0, after, limit) }
            for element in some where isWanted(element) {
                if found.count == limit, let last = found.last {
                    return Page(elements: found, next: Base64.string(Array(position(last).utf8), .url))
                }
                found.append(element)
            }
            guard some.count == limit, let last = some.last else { return Page(elements: found, next: nil) }
            place = position(last)
        }
    }
}
