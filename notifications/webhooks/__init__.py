"""Events for other systems: how they are signed, where they may go, how they are posted. Nothing here reads a row."""
