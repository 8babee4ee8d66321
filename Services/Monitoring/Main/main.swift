import CloudWatchLogs
import ServiceKit

await ServiceHost.run("monitoring") { host in
    [try CloudWatchLogs.service(on: host)]
}
