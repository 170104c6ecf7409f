"""Microsoft's side of the wire: a tenant with the Bot Connector, dialogs and message extensions, on loopback."""
