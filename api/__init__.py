"""The pages people work in, and the same by JSON: it parses, calls `scheduler`, and renders."""
