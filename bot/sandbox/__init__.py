"""A Slack workspace on loopback, played by this process: the counterpart of the bot in the demo and in the tests."""
