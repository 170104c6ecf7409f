"""Who may know what (SOP 6.1): asked for, given, ended, barred, opened in an emergency, and looked at afterwards."""
