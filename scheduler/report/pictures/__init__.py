"""Pictures of views: a drawing each, legible without colour."""
