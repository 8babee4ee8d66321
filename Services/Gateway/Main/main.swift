import Gateway
import ServiceKit

await ServiceHost.run("gateway", reactors: Gateway.reactors) { host in
    try await Gateway.start(on: host)
    return []
}
