"""Tells pynamodb's integration tests, which do not ask as AWS's libraries do, where the stack of Apus is."""

import os

import judged_stack


def pytest_sessionstart(session):
    if judged_stack.running is not None:
        os.environ["PYNAMODB_INTEGRATION_TEST_DDB_URL"] = judged_stack.running.endpoint
