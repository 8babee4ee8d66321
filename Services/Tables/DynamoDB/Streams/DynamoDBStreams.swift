import ServiceKit

/// Amazon DynamoDB Streams, API version 2012-08-10.
enum DynamoDBStreams {
    static func service(_ tables: TableStore, iterators: PageToken) -> AWSService {
        AWSService(
            "dynamodbstreams", actionPrefix: "dynamodb", errors: DynamoDB.errors, wording: DynamoDB.wording,
            operations: [
                DescribeStream(tables: tables), GetRecords(tables: tables, iterators: iterators),
                GetShardIterator(tables: tables, iterators: iterators), ListStreams(tables: tables),
            ])
    }
}
