import SNS
import SQS
import ServiceKit

await ServiceHost.run("messages") { host -> [AWSService] in
    try host.followObjectNotifications(for: ["Queue", "Topic"]) { notification in
        let text = String(decoding: notification.message, as: UTF8.self)
        guard let target = ARN(notification.target), target.service == "sqs" else {
            return ObjectNotification.Delivery("sns", "Publish") { json in
                json.member("TopicArn", notification.target)
                json.member("Subject", "Amazon S3 Notification")
                json.member("Message", text)
            }
        }
        return ObjectNotification.Delivery("sqs", "SendMessage") { json in
            json.member("QueueUrl", "http://localhost/\(target.account)/\(target.resource)")
            json.member("MessageBody", text)
        }
    }
    return try [SQS.service(on: host)] + SNS.services(on: host)
}
