import ServiceKit

/// Lists when and why a key got new material.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html)
struct ListKeyRotations: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let includesAll: Bool
        let page: PageInput

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            includesAll = (try member("IncludeKeyMaterial") as String?) == "ALL_KEY_MATERIAL"
            page = try PageInput(member, default: 100, maximum: 1000)
        }
    }

    struct Rotation: OutputShape {
        let keyID: String
        let material: KeyMaterial
        /// Told where every material is asked for.
        let isCurrent: Bool?

        func write(to json: inout JSONWriter) {
            json.member("KeyId", keyID)
            json.member("KeyMaterialId", material.id)
            json.member("KeyMaterialState", isCurrent.map { $0 ? "CURRENT" : "NON_CURRENT" })
            guard let cause = material.cause else { return }
            json.member("RotationDate", material.created)
            json.member("RotationType", cause.rawValue)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Rotation> {
        let key = try await store.key(input.keyID, in: call)
        try key.requireRotatable()
        let newest = try await store.read { try $0.material(of: key)?.version }
        // The first material is no rotation.
        let first = input.includesAll ? 0 : 1
        let page = try await input.page.page(
            scope: "ListKeyRotations \(key.id)", sealedBy: store.pages, position: { "\($0.version)" }
        ) { after, limit in
            try await store.read { try $0.materials(of: key, after: max(Int(after) ?? 0, first), limit: limit) }
        }
        return PageOutput(
            member: "Rotations",
            page: page.map { material in
                Rotation(
                    keyID: key.id, material: material,
                    isCurrent: input.includesAll ? material.version == newest : nil)
            })
    }
}
