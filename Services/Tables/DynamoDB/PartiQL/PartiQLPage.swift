import Bytes
import Crypto
import ServiceKit

/// Reads one page of a SELECT.
struct PartiQLPageReader: Sendable {
    /// Where a page begins.
    struct Position: Sendable, Equatable {
        var leg = 0
        /// The stored key of the last item read; empty at a leg's beginning.
        var key: [UInt8] = []
    }

    struct Page: Sendable {
        var items: [PreparedItem] = []
        /// Bytes read, for capacity.
        var size = 0
        /// `nil` at the end.
        var next: Position?
        var lastKey: AttributeMap?
    }

    let plan: SelectPlan
    /// Of items read, before the filter.
    let limit: Int?

    func page(from start: Position, of snapshot: Snapshot) throws -> Page {
        var page = Page()
        var scanned = 0
        for leg in start.leg..<max(start.leg, plan.legs.count) {
            var range = plan.legs[leg]
            if leg == start.leg, !start.key.isEmpty { range.resume(after: start.key, forward: plan.forward) }
            try snapshot.scanItems(of: plan.table, by: plan.index, range, forward: plan.forward) { key, bytes in
                let item = try read(bytes, into: &page)
                scanned += 1
                guard scanned == limit ?? -1 || page.size >= ItemLimits.pageSize else { return .next }
                page.next = Position(leg: leg, key: key)
                page.lastKey = lastKey(item)
                return .stop
            }
            if page.next != nil { return page }
        }
        return page
    }

    /// The item as it was read, before columns were chosen.
    private func read(_ bytes: UnsafeBufferPointer<UInt8>, into page: inout Page) throws -> AttributeMap {
        let whole = try ItemReader.item(bytes)
        let item = plan.visibleNames.map { Projection(names: $0).apply(to: whole) } ?? whole
        page.size += item.size
        if plan.filter?.isTrue(for: item) ?? true {
            page.items.append(PreparedItem(PartiQLColumns.choose(plan.columns, of: item)))
        }
        return whole
    }

    private func lastKey(_ item: AttributeMap) -> AttributeMap {
        var key = plan.table.schema.key(of: item)
        for name in plan.index?.schema.names ?? [] { key[name] = item[name] }
        return key
    }
}

/// The columns of a SELECT.
enum PartiQLColumns {
    /// Every path becomes an attribute with the name of its last step, or `_1`, `_2` … by its place for an element
    /// of a list.
    static func choose(_ columns: [DocumentPath]?, of item: AttributeMap) -> AttributeMap {
        guard let columns else { return item }
        var chosen = AttributeMap()
        for (position, path) in columns.enumerated() {
            guard let value = path.value(in: item) else { continue }
            if case .attribute(let name)? = path.allSteps.last {
                chosen[name] = value
            } else {
                chosen[Text("_\(position + 1)")] = value
            }
        }
        return chosen
    }
}

/// `NextToken` of ExecuteStatement: sealed, and good for the same statement with the same parameters only.
struct PartiQLPages: Sendable {
    let tokens: PageToken

    func token(_ position: PartiQLPageReader.Position, of request: [UInt8]) -> String {
        tokens.seal("\(position.leg) \(Base64.string(position.key))", scope: Self.scope(request))
    }

    /// - Throws: for a token of another statement, or of nobody.
    func position(_ token: String?, of request: [UInt8]) throws(ServiceError) -> PartiQLPageReader.Position {
        guard let token else { return PartiQLPageReader.Position() }
        let parts = tokens.open(token, scope: Self.scope(request))?
            .split(separator: " ", omittingEmptySubsequences: false)
        guard let parts, parts.count == 2, let leg = Int(parts[0]), leg >= 0, let key = Base64.decode(parts[1].utf8)
        else { throw .validation("NextToken does not match request") }
        return PartiQLPageReader.Position(leg: leg, key: key)
    }

    private static func scope(_ request: [UInt8]) -> String {
        "ExecuteStatement " + String(decoding: Hex.encode(SHA256.hash(request)[...]), as: UTF8.self)
    }
}
