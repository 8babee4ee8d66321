import Lambda
import ServiceKit

await ServiceHost.run("functions") { host in
    try await Lambda.services(on: host)
}
