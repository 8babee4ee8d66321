"""Has pytest run pynamodb's integration tests against a stack of Apus."""

import os

import stack

running = None


def pytest_configure(config):
    global running
    if config.option.collectonly:
        return
    running = stack.Stack().start()
    os.environ |= {
        "PYNAMODB_INTEGRATION_TEST_DDB_URL": running.endpoint, "AWS_ACCESS_KEY_ID": running.key,
        "AWS_SECRET_ACCESS_KEY": running.secret, "AWS_DEFAULT_REGION": "us-east-1"}


def pytest_unconfigure(config):
    if running is not None:
        running.stop()
