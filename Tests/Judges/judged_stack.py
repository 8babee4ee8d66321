"""Hooks of pytest that start a stack of Apus for a run and name it to AWS's libraries. For suites of other projects."""

import os

import stack

running = None


def pytest_configure(config):
    global running
    if config.option.collectonly:
        return
    running = stack.Stack().start()
    os.environ |= {
        "AWS_ENDPOINT_URL": running.endpoint, "AWS_ACCESS_KEY_ID": running.key,
        "AWS_SECRET_ACCESS_KEY": running.secret, "AWS_DEFAULT_REGION": "us-east-1"}


def pytest_unconfigure(config):
    if running is not None:
        running.stop()
