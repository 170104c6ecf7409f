"""Slack's door: the only folder that imports slack_bolt and slack_sdk."""
