"""What an SMS can say: letters, segments, replies."""
