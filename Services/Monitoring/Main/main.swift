import CloudWatchLogs
import ServiceKit

await ServiceHost.run("monitoring") { host -> [AWSService] in
    [try CloudWatchLogs.service(on: host)]
}
