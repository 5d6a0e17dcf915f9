"""What can be done with contacts, messages and desk tasks."""
