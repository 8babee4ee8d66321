import ServiceKit

/// What a password must contain; AWS's defaults where the pool says nothing.
struct PasswordPolicy: InputShape, OutputShape {
    let minimumLength: Int
    let requireUppercase: Bool
    let requireLowercase: Bool
    let requireNumbers: Bool
    let requireSymbols: Bool
    let temporaryPasswordValidityDays: Int

    private static let longest = 256
    /// [Cognito's list](https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html)
    private static let symbols = Set("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")

    init() {
        minimumLength = 8
        requireUppercase = true
        requireLowercase = true
        requireNumbers = true
        requireSymbols = true
        temporaryPasswordValidityDays = 7
    }

    init(_ member: Members) throws {
        minimumLength = try member("MinimumLength") ?? 8
        requireUppercase = try member("RequireUppercase") ?? false
        requireLowercase = try member("RequireLowercase") ?? false
        requireNumbers = try member("RequireNumbers") ?? false
        requireSymbols = try member("RequireSymbols") ?? false
        temporaryPasswordValidityDays = try member("TemporaryPasswordValidityDays") ?? 7
    }

    func write(to json: inout JSONWriter) {
        json.member("MinimumLength", minimumLength)
        json.member("RequireUppercase", requireUppercase)
        json.member("RequireLowercase", requireLowercase)
        json.member("RequireNumbers", requireNumbers)
        json.member("RequireSymbols", requireSymbols)
        json.member("TemporaryPasswordValidityDays", temporaryPasswordValidityDays)
    }

    /// - Throws: `InvalidPasswordException` naming the first rule that is broken.
    func check(_ password: String) throws {
        if password.count < minimumLength { throw ServiceError.invalidPassword("Password not long enough") }
        if password.count > PasswordPolicy.longest { throw ServiceError.invalidPassword("Password too long") }
        if requireUppercase, !password.contains(where: \.isUppercase) {
            throw ServiceError.invalidPassword("Password must have uppercase characters")
        }
        if requireLowercase, !password.contains(where: \.isLowercase) {
            throw ServiceError.invalidPassword("Password must have lowercase characters")
        }
        if requireNumbers, !password.contains(where: { ("0"..."9").contains($0) }) {
            throw ServiceError.invalidPassword("Password must have numeric characters")
        }
        if requireSymbols, !password.contains(where: PasswordPolicy.symbols.contains) {
            throw ServiceError.invalidPassword("Password must have symbol characters")
        }
    }
}
