import ServiceKit

/// Lists the layers of an account and region, each with its newest version.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_ListLayers.html)
struct ListLayers: AWSOperation {
    struct Input: InputShape {
        let filter: LayerFilter
        init(_ member: Members) throws { filter = try LayerFilter(member) }
    }

    struct Output: OutputShape {
        let layers: [LayerVersion]
        let nextMarker: String?

        func write(to json: inout JSONWriter) {
            json.member("Layers") { json in
                json.array { json in
                    for layer in layers {
                        json.object { json in
                            json.member("LayerName", layer.name.name)
                            json.member("LayerArn", layer.name.arn)
                            json.member("LatestMatchingVersion", layer)
                        }
                    }
                }
            }
            json.member("NextMarker", nextMarker)
        }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let filter = input.filter
        return try await store.read { snapshot in
            let names = try snapshot.layerNames(
                account: call.account, region: call.region, after: filter.marker ?? "", limit: filter.limit + 1)
            let page = names.prefix(filter.limit)
            let newest = try page.compactMap { name in
                try snapshot.layers(
                    of: LayerName(account: call.account, region: call.region, name: name), below: .max, limit: .max
                ).first(where: filter.admits)
            }
            return Output(layers: newest, nextMarker: names.count > page.count ? page.last : nil)
        }
    }
}
