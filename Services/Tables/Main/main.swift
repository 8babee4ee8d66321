import DAX
import DynamoDB
import ServiceKit

await ServiceHost.run("tables") { host -> [AWSService] in
    let database = try DynamoDB.database(on: host, others: DAX.migrations)
    let clusters = CacheClusters()
    let tables = try await DynamoDB.services(on: host, database, clusters: clusters)
    return tables + [try await DAX.service(on: host, database, clusters: clusters)]
}
