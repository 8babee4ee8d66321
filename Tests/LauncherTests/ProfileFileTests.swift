import Testing

@testable import Launcher

@Suite("AWS profiles") struct ProfileFileTests {
    private static let others = """
        # mine
        [default]
        region = eu-west-1

        [profile work]
        region=eu-central-1
        s3 =
          max_concurrent_requests = 20

        """

    @Test("A new section comes last, and everything else stays as it was")
    func newSection() {
        var file = ProfileFile(Self.others)
        file.set("region", "us-east-1", in: "profile apus")
        file.set("endpoint_url", "http://127.0.0.1:4566", in: "profile apus")
        #expect(
            file.text == Self.others + """

                [profile apus]
                region = us-east-1
                endpoint_url = http://127.0.0.1:4566

                """)
    }

    @Test("Setting the same twice changes nothing")
    func idempotent() {
        var once = ProfileFile(Self.others)
        once.set("region", "us-east-1", in: "profile apus")
        var twice = ProfileFile(once.text)
        twice.set("region", "us-east-1", in: "profile apus")
        #expect(once.text == twice.text)
    }

    @Test("A value is replaced in its own section only, and a missing one is added to it")
    func replace() {
        var file = ProfileFile(Self.others)
        file.set("region", "us-west-2", in: "profile work")
        file.set("endpoint_url", "http://x", in: "default")
        #expect(
            file.text == """
                # mine
                [default]
                region = eu-west-1
                endpoint_url = http://x

                [profile work]
                region = us-west-2
                s3 =
                  max_concurrent_requests = 20

                """)
    }

    @Test("An empty file becomes one section")
    func empty() {
        var file = ProfileFile("")
        #expect(file.text.isEmpty)
        file.set("a", "b", in: "default")
        #expect(file.text == "[default]\na = b\n")
    }
}
