import SNS
import SQS
import ServiceKit

await ServiceHost.run("messages") { host in
    try [SQS.service(on: host)] + SNS.services(on: host)
}
