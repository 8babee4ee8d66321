import ServiceKit
import Testing

@testable import Launcher

@Suite("Thumbnails on the terminal") struct ThumbnailsReportTests {
    private func report(_ text: String) throws -> String {
        Thumbnails.report(try JSONDocument(Array(text.utf8)).root)
    }

    @Test("Buckets with how far they have come, and what waits with its reason")
    func report() throws {
        let report = try report(
            #"""
            {"Regenerations":[{"Bucket":"photos","State":"running","Done":3,"Total":10,"Derived":2,"Refused":1,
            "Waiting":0,"Skipped":0}],"Waiting":[{"Bucket":"b","Key":"a\u001b[2J.jpg","Attempts":4,
            "Due":"2026-11-22T00:00:00Z","Reason":"AccessDenied"},{"Bucket":"b","Key":"c","Attempts":99,"Reason":"x"}],
            "WaitingCount":2}
            """#)
        #expect(
            report == """
                BUCKET  STATE    DONE  OF  DERIVED  REFUSED  WAITING  SKIPPED  REASON
                photos  running  3     10  2        1        0        0        -

                Images that could not be read or written, and are tried again: 2

                BUCKET  KEY       ATTEMPTS  NEXT                  REASON
                b       a[2J.jpg  4         2026-11-22T00:00:00Z  AccessDenied
                b       c         99        never                 x
                """)
    }

    @Test("Nothing to tell is said")
    func nothing() throws {
        #expect(try report("{}") == "No bucket was derived anew.")
    }
}
