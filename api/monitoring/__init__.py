"""What machines ask: whether the application lives, is ready, and how it fares."""
