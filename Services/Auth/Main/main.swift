import CognitoUserPools
import IAM
import STS
import ServiceKit

await ServiceHost.run("auth") { host in
    let iam = try IAM.parts(on: host)
    return iam.services + [STS.service(on: host, iam)] + (try CognitoUserPools.services(on: host))
}
