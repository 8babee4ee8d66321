"""Has moto's tests send what they ask to a stack of Apus, as they send it to AWS where they are told to."""

import os

os.environ["MOTO_TEST_ALLOW_AWS_REQUEST"] = "true"
