import ServiceKit

/// Amazon Simple Queue Service: queues, standard and FIFO.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html)
public enum SQS {
    public static func service(on host: ServiceHost) throws -> AWSService {
        let queues = QueueStore(database: try host.database("sqs.db", migrations: Schema.migrations))
        let pages = PageToken(key: try MasterKey(in: host.configuration.dataDirectory).derived("sqs.page-token"))
        host.work("sqs.trim") { try await Trimmer(queues: queues, clock: host.clock).run() }
        host.work("sqs.move") { try await MessageMover(queues: queues, clock: host.clock).run() }
        return AWSService(
            "sqs", errors: errors,
            operations: [
                // Queues
                CreateQueue(queues: queues),
                DeleteQueue(queues: queues),
                GetQueueAttributes(queues: queues),
                GetQueueUrl(queues: queues),
                ListDeadLetterSourceQueues(queues: queues, pages: pages),
                ListQueues(queues: queues, pages: pages),
                PurgeQueue(queues: queues),
                SetQueueAttributes(queues: queues),
                // Messages
                ChangeMessageVisibility(queues: queues),
                ChangeMessageVisibilityBatch(queues: queues),
                DeleteMessage(queues: queues),
                DeleteMessageBatch(queues: queues),
                ReceiveMessage(queues: queues, clock: host.clock),
                SendMessage(queues: queues),
                SendMessageBatch(queues: queues),
                // Permissions and tags
                AddPermission(queues: queues),
                ListQueueTags(queues: queues),
                RemovePermission(queues: queues),
                TagQueue(queues: queues),
                UntagQueue(queues: queues),
                // Message move tasks
                CancelMessageMoveTask(queues: queues),
                ListMessageMoveTasks(queues: queues),
                StartMessageMoveTask(queues: queues),
            ])
    }

    private static let errors = AWSService.ErrorForms(
        accessDenied: "AccessDenied", status: 403, validation: "InvalidParameterValue")
}
