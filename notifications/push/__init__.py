"""Web push: what a browser's push service is given, sealed so that only the browser reads it."""
