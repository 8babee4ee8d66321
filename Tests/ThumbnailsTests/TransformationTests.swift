import ServiceKit
import Testing

@testable import Thumbnails

@Suite("A transformation")
struct TransformationTests {
    @Test("It reaches a worker's argument and comes back as it was")
    func roundTrip() {
        for fit in Transformation.Fit.allCases {
            for format in Transformation.Format.allCases {
                for (width, height, quality) in [(1, 2, 3), (nil, 16_384, nil), (7, nil, 100), (nil, nil, nil)] {
                    let wish = Transformation(width: width, height: height, fit: fit, format: format, quality: quality)
                    #expect(Transformation(argument: wish.argument) == wish)
                }
            }
        }
    }

    @Test(
        "An argument that is none is not guessed at",
        arguments: [
            "", "256", "256x256", "1x1,inside,jpeg", "x,inside,jpeg,-", "0x1,inside,jpeg,-", "1x1,inside,tiff,-",
            "1x1,squeeze,jpeg,-", "-1x1,inside,jpeg,-", "1x1,inside,jpeg,101", "16385x1,inside,jpeg,-",
            "1x1,inside,jpeg,-,-", "1x1,inside,jpeg,",
        ])
    func nonsense(argument: String) {
        #expect(Transformation(argument: argument) == nil)
    }

    @Test("Another service's wish is held within what any image may have")
    func members() throws {
        func read(_ json: String) throws -> Transformation {
            try Transformation(Members(JSONDocument(Array(json.utf8)).root))
        }
        #expect(try read("{}") == Transformation(width: nil, height: nil, fit: .inside, format: .source))
        #expect(
            try read(#"{"Width":3,"Height":4,"Fit":"fill","Format":"avif","Quality":5}"#)
                == Transformation(width: 3, height: 4, fit: .fill, format: .avif, quality: 5))
        for json in [#"{"Width":0}"#, #"{"Fit":"squeeze"}"#, #"{"Format":"bmp"}"#, #"{"Quality":0}"#] {
            #expect(throws: (any Error).self) { try read(json) }
        }
    }
}
