"""How runs are worked on: claimed by a dispatcher, solved by a worker, kept under a fence."""
