import ServiceKit
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct RootCredentialsTests {
    @Test("The first to ask makes the key, and everyone reads the same one")
    func madeOnce() async throws {
        try await TemporaryFolder.with { folder in
            #expect(try RootCredentials.existing(in: folder) == nil)
            let all = try await withThrowingTaskGroup(of: RootCredentials.self) { group in
                for _ in 0..<20 { group.addTask { try RootCredentials(in: folder) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(all.allSatisfy { $0 == all[0] })
            #expect(try RootCredentials.existing(in: folder) == all[0])
            #expect(all[0].accessKeyID.utf8.count == 20)
            #expect(all[0].accessKeyID.hasPrefix("AKIA"))
            #expect(all[0].secretAccessKey.utf8.count == 40)
        }
    }

    @Test("Nobody else may read the file")
    func isPrivate() async throws {
        try await TemporaryFolder.with { folder in
            _ = try RootCredentials(in: folder)
            var status = stat()
            #expect(stat("\(folder)/root-credentials", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test("A file with other contents is an error, not a new key")
    func damaged() async throws {
        try await TemporaryFolder.with { folder in
            _ = try FileBytes.createPrivate("\(folder)/root-credentials", Array("nonsense".utf8))
            #expect(throws: ConfigError.self) { try RootCredentials(in: folder) }
        }
    }
}
