"""Microsoft Teams: botbuilder in quarantine. Nothing of it is known outside this folder."""
