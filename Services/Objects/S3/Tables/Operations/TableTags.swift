import ServiceKit

// The three operations share their names with those of S3 Control, and a module has each file name once.

/// A table bucket or a table whose tags are meant.
struct TaggedTableResource: Sendable {
    private enum Kind: Sendable {
        case bucket(TableBucketReference)
        case table(TableReference)
    }

    private let kind: Kind

    /// - Throws: `BadRequestException`
    init(_ member: Members) throws {
        let text: String = try member("resourceArn")
        let isTable = TableBucket.parts(of: ARN(text))?.table != nil
        kind = isTable ? .table(try TableReference(text)) : .bucket(try TableBucketReference(text))
    }

    func permission(in store: S3Store, context: [String: [String]] = [:]) async throws -> Permission {
        var permission =
            switch kind {
            case .bucket(let bucket): try await store.permission(on: bucket)
            case .table(let table): try await store.permission(on: table)
            }
        permission.context.merge(context) { _, given in given }
        return permission
    }

    /// - Throws: `NotFoundException`
    func tags(in snapshot: Snapshot) throws -> Tags {
        switch kind {
        case .bucket(let bucket): try snapshot.existing(bucket).tags
        case .table(let table): try snapshot.existing(table).tags
        }
    }

    /// Replaces the tags by what is made of those that are there.
    ///
    /// - Throws: `NotFoundException`, `BadRequestException` for too many.
    func change(in store: S3Store, _ change: @escaping @Sendable ([Tag]) -> [Tag]) async throws {
        try await store.database.write { transaction in
            let tags = try Tags(ofTables: change(try tags(in: transaction).all))
            switch kind {
            case .bucket(let bucket): try transaction.setTags(of: try transaction.existing(bucket), to: tags)
            case .table(let table): try transaction.setTags(of: try transaction.existing(table), to: tags)
            }
        }
    }
}

extension Tags {
    /// As requests to S3 Tables give them.
    ///
    /// - Throws: `BadRequestException`
    init(ofTables member: [String: String]?) throws {
        try self.init(
            ofTables: (member ?? [:]).map { Tag(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key })
    }

    fileprivate init(ofTables tags: [Tag]) throws {
        guard tags.count <= Limits.bucketTags else {
            throw ServiceError.badTableRequest("A resource can have at most \(Limits.bucketTags) tags.")
        }
        do {
            try self.init(tags, limit: Limits.bucketTags)
        } catch let error as ServiceError {
            throw ServiceError.badTableRequest(error.message)
        }
    }
}

extension S3Tables {
    /// Adds tags to a table bucket or a table, or gives those that are there new values.
    ///
    /// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_TagResource.html)
    struct TagResource: AWSOperation {
        struct Input: InputShape {
            let resource: TaggedTableResource
            let tags: Tags

            init(_ member: Members) throws {
                resource = try TaggedTableResource(member)
                tags = try Tags(ofTables: try member("tags") as [String: String]?)
            }
        }

        let store: S3Store

        func permissions(for input: Input, in call: Call) async throws -> [Permission] {
            [try await input.resource.permission(in: store, context: input.tags.resourceConditions)]
        }

        func perform(_ input: Input, in call: Call) async throws -> NoOutput {
            let added = input.tags.all
            try await input.resource.change(in: store) { $0.replacing(added) }
            return NoOutput()
        }
    }

    /// Takes tags away from a table bucket or a table.
    ///
    /// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_UntagResource.html)
    struct UntagResource: AWSOperation {
        struct Input: InputShape {
            let resource: TaggedTableResource
            let keys: Set<String>

            init(_ member: Members) throws {
                resource = try TaggedTableResource(member)
                keys = Set(try member("tagKeys") as [String])
            }
        }

        let store: S3Store

        func permissions(for input: Input, in call: Call) async throws -> [Permission] {
            [try await input.resource.permission(in: store, context: ["aws:TagKeys": input.keys.sorted()])]
        }

        func perform(_ input: Input, in call: Call) async throws -> NoOutput {
            try await input.resource.change(in: store) { $0.filter { !input.keys.contains($0.key) } }
            return NoOutput()
        }
    }

    /// Answers the tags of a table bucket or a table.
    ///
    /// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_ListTagsForResource.html)
    struct ListTagsForResource: AWSOperation {
        struct Input: InputShape {
            let resource: TaggedTableResource
            init(_ member: Members) throws { resource = try TaggedTableResource(member) }
        }

        struct Output: OutputShape {
            let tags: Tags

            func write(to json: inout JSONWriter) {
                json.member("tags", Dictionary(tags.all.map { ($0.key, $0.value) }) { $1 })
            }
        }

        let store: S3Store

        func permissions(for input: Input, in call: Call) async throws -> [Permission] {
            [try await input.resource.permission(in: store)]
        }

        func perform(_ input: Input, in call: Call) async throws -> Output {
            Output(tags: try await store.read { try input.resource.tags(in: $0) })
        }
    }
}
