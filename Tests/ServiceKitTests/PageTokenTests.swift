import ServiceKit
import Testing

@Suite("Pages") struct PageTokenTests {
    private let pages = PageToken(key: [1, 2, 3], refusal: ServiceError("InvalidToken", "no"))
    private let letters = ["a", "b", "c", "d", "e"]

    private func page(_ token: String?, limit: Int, scope: String = "letters") async throws -> Page<String> {
        try await pages.page(token, limit: limit, scope: scope, position: { $0 }) { after, limit in
            Array(letters.filter { $0 > after }.prefix(limit))
        }
    }

    @Test("A list comes whole, page by page, and the last page has no token")
    func walk() async throws {
        let first = try await page(nil, limit: 2)
        let second = try await page(first.next, limit: 2)
        let third = try await page(second.next, limit: 2)
        #expect([first.elements, second.elements, third.elements] == [["a", "b"], ["c", "d"], ["e"]])
        #expect(first.next != nil && second.next != nil && third.next == nil)
        #expect(try await page("", limit: 5).next == nil)
    }

    @Test("A token of another list, or none of ours, is refused in the service's words")
    func foreign() async throws {
        let token = try await page(nil, limit: 2, scope: "other").next
        for token in [token, "AAAA", "not a token"] {
            await #expect(throws: ServiceError("InvalidToken", "no")) { try await page(token, limit: 2) }
        }
    }
}
