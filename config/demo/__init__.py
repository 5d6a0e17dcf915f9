"""The demonstration's invented people and their eight weeks of history: the same for everyone, from one seed."""
