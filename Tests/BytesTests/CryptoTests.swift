import Bytes
import Crypto
import Testing

@Suite("Crypto")
struct CryptoTests {
    private let check = Array("123456789".utf8)

    @Test("Digests and redundancy checks give their published values")
    func publishedValues() {
        #expect(Hex.string(SHA256.hash("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Hex.string(SHA1.hash("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(Hex.string(MD5.hash("abc")) == "900150983cd24fb0d6963f7d28e17f72")
        #expect(Hex.string(SHA512.hash("abc")).hasPrefix("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"))
        #expect(Hex.string(CRC32.hash(check)) == "cbf43926")
        #expect(Hex.string(CRC32C.hash(check)) == "e3069283")
        #expect(Hex.string(CRC64NVME.hash(check)) == "ae8b14860a799888")
        #expect(Hex.string(XXHash64.hash("hello world")) == "45ab6734b21e6968")
        #expect(Hex.string(XXHash3.hash("hello world")) == "d447b1ea40e6988b")
        #expect(Hex.string(XXHash128.hash("hello world")) == "df8d09e93f874900a99b8775cc15b6c7")
        #expect(Hex.string(XXHash128.hash([])) == "99aa06d3014798d86001c324468d497f")
        #expect(Hex.string(SHA256.hash([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("Pieces of any size give the checksum of the whole", arguments: [1, 3, 7, 8, 9, 64, 1000])
    func pieces(size: Int) {
        func whole<Function: Checksum>(_: Function.Type, _ bytes: [UInt8]) -> Bool {
            var checksum = Function()
            for start in stride(from: 0, to: bytes.count, by: size) {
                checksum.update(bytes[start..<min(start + size, bytes.count)])
            }
            return checksum.finalize() == Function.hash(bytes)
        }
        let bytes = (0..<5003).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 3) }
        #expect(whole(SHA256.self, bytes) && whole(SHA512.self, bytes) && whole(SHA1.self, bytes))
        #expect(whole(MD5.self, bytes) && whole(CRC32.self, bytes))
        #expect(whole(CRC32C.self, bytes) && whole(CRC64NVME.self, bytes))
        #expect(whole(XXHash64.self, bytes) && whole(XXHash3.self, bytes) && whole(XXHash128.self, bytes))
    }

    @Test("A copied checksum continues on its own, and finds its name again by its header")
    func copies() {
        for algorithm in ChecksumAlgorithm.allCases {
            func whole(_ text: String) -> [UInt8] {
                var checksum = algorithm.start()
                checksum.update(text)
                return checksum.finalize()
            }
            var first = algorithm.start()
            first.update("ab")
            var second = first
            first.update("c")
            second.update("d")
            let values = [first.finalize(), second.finalize()]
            #expect(values == [whole("abc"), whole("abd")])
            #expect(values[0].count == algorithm.byteCount)
            #expect(ChecksumAlgorithm(header: algorithm.header) == algorithm)
        }
        #expect(ChecksumAlgorithm(header: "x-amz-checksum-mode") == nil)
    }

    @Test("HMAC gives the values of RFC 4231 and RFC 2202, also for keys longer than a block")
    func hmac() {
        let longKey = [UInt8](repeating: 0xaa, count: 131)
        #expect(
            Hex.string(HMAC.sha256(key: Array("Jefe".utf8), "what do ya want for nothing?"))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            Hex.string(HMAC.sha256(key: longKey, "Test Using Larger Than Block-Size Key - Hash Key First"))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(
            Hex.string(HMAC.sha1(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
                == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
        var message = HMACKey<SHA256>(Array("Jefe".utf8)).begin()
        message.update("what do ya want ")
        message.update("for nothing?")
        #expect(message.finalize() == HMAC.sha256(key: Array("Jefe".utf8), "what do ya want for nothing?"))
    }

    @Test("Constant-time comparison is equality")
    func constantTime() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([1, 2], [1, 2, 3]))
        #expect(ConstantTime.equal([] as [UInt8], []))
    }

    @Test("Random strings have their length, stay in their alphabet and use all of it")
    func randomStrings() {
        let text = SecureRandom.string(4000, of: .base32)
        #expect(text.utf8.count == 4000)
        #expect(Set(text) == Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
        #expect(SecureRandom.bytes(0).isEmpty)
    }

    @Test("A sealed message opens only whole, under its key and in its context")
    func sealing() throws {
        let key = SecureRandom.bytes(32)
        for plaintext in [[], Array("secret".utf8), SecureRandom.bytes(70_000)] {
            let sealed = try AESGCM.seal(plaintext, key: key, context: [1])
            #expect(try AESGCM.open(sealed, key: key, context: [1]) == plaintext)
            #expect(throws: CryptoError.authenticationFailed) { try AESGCM.open(sealed, key: key, context: [2]) }
            #expect(throws: CryptoError.authenticationFailed) {
                try AESGCM.open(sealed, key: SecureRandom.bytes(32), context: [1])
            }
            for index in [0, 12, sealed.count - 1] {
                var altered = sealed
                altered[index] ^= 1
                #expect(throws: CryptoError.authenticationFailed) { try AESGCM.open(altered, key: key, context: [1]) }
            }
            #expect(throws: CryptoError.authenticationFailed) {
                try AESGCM.open(Array(sealed.dropLast()), key: key, context: [1])
            }
        }
        #expect(throws: CryptoError.malformed) { try AESGCM.seal([1], key: [1, 2, 3]) }
        #expect(throws: CryptoError.authenticationFailed) { try AESGCM.open([], key: key) }
    }

    @Test("RSA signatures verify under the exported key, by PEM and by modulus, and under no other")
    func rsa() throws {
        let key = try RSA.PrivateKey(bits: 2048)
        let message = Array("header.claims".utf8)
        let signature = try RSA.PrivateKey(pem: key.pem).sign(message)
        let imported = try RSA.PublicKey(
            modulus: key.publicKey.modulus, exponent: key.publicKey.exponent)
        #expect(try RSA.PublicKey(pem: key.publicKey.pem).isValid(signature, of: message))
        #expect(imported.isValid(signature, of: message))
        #expect(!imported.isValid(signature, of: message + [0]))
        #expect(!imported.isValid([], of: message))
        #expect(try !RSA.PrivateKey(bits: 2048).publicKey.isValid(signature, of: message))
        #expect(throws: CryptoError.malformed) { try RSA.PublicKey(pem: "not a key") }
        #expect(throws: CryptoError.malformed) { try RSA.PrivateKey(pem: key.publicKey.pem) }
    }

    @Test("P-256 verifies RFC 6979's signature and refuses points off the curve")
    func ellipticCurve() throws {
        let scalar = try #require(
            BigNumber(hex: "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"))
        let key = try P256.PublicKey(privateScalar: scalar)
        let signature = try #require(
            Hex.decode(
                Array(
                    ("3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                        + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8").utf8)))
        #expect(key.isValid(signature, of: Array("sample".utf8)))
        #expect(!key.isValid(signature, of: Array("simple".utf8)))
        #expect(throws: CryptoError.malformed) { try P256.PublicKey(point: [4] + [UInt8](repeating: 1, count: 64)) }
    }

    @Test("Password hashes give the values of RFC 7914")
    func passwordHashes() throws {
        let pbkdf2 = try PasswordHash.pbkdf2("passwd", salt: Array("salt".utf8), iterations: 1, byteCount: 64)
        #expect(Hex.string(pbkdf2).hasPrefix("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"))
        let scrypt = try PasswordHash.scrypt(
            "password", salt: Array("NaCl".utf8), cost: 1024, blockSize: 8, parallelism: 16, byteCount: 64)
        #expect(Hex.string(scrypt).hasPrefix("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"))
    }

    @Test("Big numbers compute modulo a prime")
    func bigNumbers() throws {
        let prime = try #require(BigNumber(hex: "ffffffffffffffc5"))
        let two = BigNumber(2)
        let five = BigNumber(5)
        #expect(two.power(BigNumber(64), modulo: prime) == BigNumber(59))
        #expect(
            five.power(BigNumber(bytes: prime.subtracting(BigNumber(1), modulo: prime).bytes), modulo: prime)
                == BigNumber(1))
        #expect(two.subtracting(five, modulo: prime).hex == "ffffffffffffffc2")
        #expect(two.subtracting(five, modulo: prime).adding(five, modulo: prime) == two)
        #expect(prime.multiplied(by: five, modulo: prime).isZero)
        #expect((prime * five) % prime == BigNumber(0))
        #expect((two + five).bytes == [7])
        #expect(BigNumber(0).hex == "00" && BigNumber(0).bytes.isEmpty)
        #expect(five.bytes(paddedTo: 4) == [0, 0, 0, 5])
        #expect(BigNumber(hex: "abc")?.hex == "0abc")
        #expect(BigNumber(hex: "xyz") == nil && BigNumber(hex: "") == nil)
        #expect(two < five)
        #expect(BigNumber.random(below: prime) < prime)
    }
}

@Suite struct LongInputTests {
    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* $0) &>> 3) } }

    /// The definition itself: a bit at a time.
    private func reference(_ bytes: [UInt8], polynomial: UInt64, width: Int) -> UInt64 {
        let mask = UInt64.max >> UInt64(64 - width)
        var register = mask
        for byte in bytes {
            register ^= UInt64(byte)
            for _ in 0..<8 { register = register >> 1 ^ (register & 1 == 1 ? polynomial : 0) }
        }
        return register ^ mask
    }

    @Test(
        "Checks of any length are what their definition says, also in pieces",
        arguments: [15, 63, 64, 80, 1000, 4099])
    func cyclicRedundancyChecks(_ count: Int) {
        let all = bytes(count)
        var (first, second, third) = (CRC32(), CRC32C(), CRC64NVME())
        for piece in [all[..<7], all[7...]] {
            first.update(piece)
            second.update(piece)
            third.update(piece)
        }
        #expect(UInt64(first.value) == reference(all, polynomial: 0xedb8_8320, width: 32))
        #expect(UInt64(second.value) == reference(all, polynomial: 0x82f6_3b78, width: 32))
        #expect(third.value == reference(all, polynomial: 0x9a6c_9329_ac4b_c9b5, width: 64))
    }

    @Test("AES-256 in counter mode is OpenSSL's `enc -aes-256-ctr`, and begins anywhere")
    func counterMode() throws {
        // The expected bytes were made by that command.
        let key = Array(0..<32).map { UInt8($0) }
        let nonce = [UInt8](repeating: 9, count: 12)
        let plain = bytes(1000)
        let whole = try AESCTR(key: key, nonce: nonce).apply(to: plain)
        #expect(whole != plain)
        #expect(try AESCTR(key: key, nonce: nonce).apply(to: whole) == plain)
        for offset in [0, 1, 15, 16, 17, 500, 999] {
            let rest = try AESCTR(key: key, nonce: nonce, offset: Int64(offset)).apply(to: Array(plain[offset...]))
            #expect(rest == Array(whole[offset...]))
        }
        #expect(Hex.string(whole.prefix(16)) == "4176660cf4655f42c1f38e147ea2ef9e")
        #expect(throws: CryptoError.malformed) { try AESCTR(key: Array(key.dropLast()), nonce: nonce) }
    }
}
