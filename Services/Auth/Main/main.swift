import CognitoIdentityPools
import CognitoUserPools
import IAM
import KMS
import STS
import ServiceKit

await ServiceHost.run("auth") { host -> [AWSService] in
    let iam = try IAM.parts(on: host)
    let cognito = try CognitoUserPools.services(on: host) + [CognitoIdentityPools.service(on: host, iam)]
    return iam.services + [STS.service(on: host, iam), try KMS.service(on: host)] + cognito
}
