import Lambda
import ServiceKit

await ServiceHost.run("functions") { host in
    [try await Lambda.service(on: host)]
}
