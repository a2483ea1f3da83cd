"""What the application can do, one module per subject; pages and JSON are thin over it."""
