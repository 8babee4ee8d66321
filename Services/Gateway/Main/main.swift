import Gateway
import ServiceKit

await ServiceHost.run("gateway") { host in
    try await Gateway.start(on: host)
    return []
}
