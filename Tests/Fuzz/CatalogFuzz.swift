import ServiceKit
import Testing

@testable import S3

/// What comes to the Iceberg REST endpoint is one of its requests or refused.
@Suite("Fuzzed requests to the catalog")
struct CatalogFuzz {
    private static let bucket = "arn%3Aaws%3As3tables%3Aus-east-1%3A000000000000%3Abucket%2Faws-s3"
    private static let genuine = [
        "config?warehouse=\(bucket)", "\(bucket)/namespaces?pageToken=Yg&pageSize=10", "\(bucket)/namespaces/b_x",
        "\(bucket)/namespaces/b_x/tables", "\(bucket)/namespaces/b_x/tables/journal?snapshots=all",
    ]

    @Test("Altered requests are read as what they say, or refused as the client's fault")
    func requests() throws {
        var mutator = Mutator(Self.genuine.map { Array("/iceberg/v1/\($0)".utf8) }, seed: 23)
        var read = 0
        for number in 0..<Corpus.inputs {
            let text = String(decoding: mutator.next(), as: UTF8.self)
            let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let request = PlaneRequest(
                method: ["GET", "HEAD", "DELETE", "POST"][number % 4], host: "localhost",
                path: parts.first ?? "", query: parts.count > 1 ? parts[1] : "", headers: [], parameters: [:])
            do {
                _ = try CatalogRoute(request)
                read += 1
            } catch let error as ServiceError {
                #expect((400..<500).contains(error.status))
            }
        }
        #expect(read > Corpus.inputs / 50)
    }
}
